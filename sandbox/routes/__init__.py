"""What the sandbox answers over HTTP: the platform's API, the phones, and the controls.

The platform       /cgi-bin/…, /customservice/…, /sns/…, /wxaapi/…   wechat's hosts, all on this one
                   GET  /cgi-bin/showqrcode?ticket=        a code that can be scanned, 430 × 430
                   GET  /connect/oauth2/authorize?appid&redirect_uri&response_type=code&scope&state
                     &as=<openid>, or cookie sandbox_phone=<openid>: 302 at once; else a page on
                     which a phone is picked (by itself when sessionStorage.phone is set);
                     a redirect to host `localhost` with as= goes to <host of the person>.localhost;
                     what is wrong is a page with WeChat's number (10003 …)
                   GET  /mp/subscribemsg?action=get_confirm&appid&scene&template_id&redirect_url
                     &reserved: 一次性订阅 (as= or the cookie here too; &decision=confirm|cancel)
Phones             GET  /phone/people                      {"people": [{"openid", "host": "p1", …}]}
                   POST /phone/<openid>/say                {"text"}
                   POST …/tap                              {"content", "id"}: a line of a message
                   POST …/press                            {"key"}: a button of the menu;
                     {"key", "scan": what its scanner sees} for scancode_push, scancode_waitmsg
                   POST …/photo                            a form with "file", or nothing
                   POST …/voice, /video, /location         {"seconds", "words"}; –; {"label", …}
                   POST …/follow, /unfollow, /block        –; –; {"is_blocking"}
                   POST …/scan                             {"scene"}, a scene or a ticket; {"url"},
                     what a QR code holds; answers {"push_id"}, or {"open": url} for a page
                   POST …/grant                            {"accepts": [ids], "rejects": [ids]}
                   POST …/refuse                           {"template_id"}: in 通知管理, for good
                   POST …/snapshot                         {"is_snapshotuser"}: OAuth as on 快照页
                   POST …/revoke                           takes the OAuth consent back
                   each answers {"push_id"} or {"ok"}; 409 {"error"} says why it cannot be now
                   GET  …/chat?after=, …/menu?fresh        what it shows
                   GET  /phone/feed                        everything, by long polling
                   GET  /media/<media_id>                  a file of a bubble; voices are AMR
Fates              GET  /push/<id>?wait=                   outcome, reply, attempts
                   GET  /settled?wait=                     nothing is under way any more
Controls           GET, PATCH /control/rules               sandbox/settings.py has them all
                     api_faults: [{"path": exact, pattern or "*", "kind": latency | close | lost |
                     html502 | empty | truncated | errcode, "errcode", "errmsg", "seconds",
                     "times": how often from now on, null for always, "spent": how often so far}]
                   POST /control/reset                     as on the first start
                   GET, POST /control/clock                {"advance": seconds}, {"speed": times}
                   POST /control/push                      {"openid", "fields"} or {"body"}
                   POST /control/people                    a line of the people file
                   POST /control/verify                    asks the product as when saving its URL
                   GET  /control/qrcodes                   {"qrcodes": [{"ticket", "url", "scene",
                     "expires_at" (null: never)}]}: the codes that live, newest first
                   GET  /control/templates                 {"templates", "notices", "one_time",
                     "library"}: what may be sent, and what api_add_template may add
                   GET  /control/recording                 {"acts": [{"at", "kind", "who",
                     "arguments"}], "seconds"}: what people and clerks did, seconds since the first
                   POST /control/recording/start           begins anew
                   POST /control/replay                    {"recording": {"acts"}, "speed": 1}; 409
                     while one runs; GET tells {"is_running", "done", "total", "failed", "speed",
                     "left": seconds}; POST /control/replay/stop ends it
                   GET  /control/journal?after=&limit=     every call and every attempt
                   POST /control/kf/<account>/online       {"is_online", "takes_automatically",
                     "room": how many at once}
                   POST …/accept, switch, close; …/say     {"openid"}; {"openid", "text"}
"""
