"""What the sandbox answers over HTTP: the platform's API, the phones, and the controls.

The platform       /cgi-bin/…, /customservice/…            as wechat's own hosts, all on this one
Phones             POST /phone/<openid>/say                {"text"}
                   POST …/tap                              {"content", "id"}: a line of a message
                   POST …/press                            {"key"}: a button of the menu
                   POST …/photo                            a form with "file", or nothing
                   POST …/voice, /video, /location         {"seconds", "words"}; –; {"label", …}
                   POST …/follow, /unfollow, /scan, /block –; –; {"scene"}; {"is_blocking"}
                   each answers {"push_id"}; 409 says why a phone cannot do that now
                   GET  …/chat?after=, …/menu?fresh        what it shows
                   GET  /phone/people, /phone/feed         everybody; everything, by long polling
Fates              GET  /push/<id>?wait=                   outcome, reply, attempts
                   GET  /settled?wait=                     nothing is under way any more
Controls           GET, PATCH /control/rules               sandbox/settings.py has them all
                   POST /control/reset, /clock             –; {"advance": seconds}
                   POST /control/push                      {"openid", "fields"} or {"body"}
                   POST /control/people                    a line of the people file
                   POST /control/verify                    asks the product as when saving its URL
                   GET  /control/journal?after=&limit=     every call and every attempt
                   POST /control/kf/<account>/online, accept, say, switch, close
"""
