// The platform's endpoints and numbers by the names under which an operator looks for them.

export const PATHS = [
  ["全部", [["*", "所有接口"]]],
  ["令牌", [
    ["/cgi-bin/token", "取 access_token"],
    ["/cgi-bin/stable_token", "取稳定版 access_token"],
    ["/cgi-bin/ticket/getticket", "取 jsapi_ticket"],
    ["/sns/*", "网页授权"],
  ]],
  ["消息", [
    ["/cgi-bin/message/custom/send", "发客服消息"],
    ["/cgi-bin/message/custom/typing", "正在输入"],
    ["/cgi-bin/message/template/send", "发模板消息"],
    ["/cgi-bin/message/subscribe/bizsend", "发订阅通知"],
    ["/cgi-bin/template/*", "模板管理"],
  ]],
  ["人工客服", [
    ["/customservice/kfsession/create", "开始会话"],
    ["/customservice/kfsession/close", "结束会话"],
    ["/customservice/kfsession/getsession", "查会话"],
    ["/customservice/kfsession/getwaitcase", "等待列表"],
    ["/customservice/msgrecord/getmsglist", "聊天记录"],
    ["/customservice/kfaccount/*", "客服账号"],
    ["/cgi-bin/customservice/getonlinekflist", "在线客服"],
    ["/cgi-bin/customservice/getkflist", "客服列表"],
  ]],
  ["用户", [
    ["/cgi-bin/user/info", "查用户"],
    ["/cgi-bin/user/info/updateremark", "写备注"],
    ["/cgi-bin/user/get", "用户列表"],
    ["/cgi-bin/tags/*", "标签"],
  ]],
  ["菜单、素材、二维码", [
    ["/cgi-bin/menu/*", "菜单"],
    ["/cgi-bin/media/upload", "上传素材"],
    ["/cgi-bin/media/get", "取素材"],
    ["/cgi-bin/qrcode/create", "生成二维码"],
    ["/cgi-bin/clear_quota*", "清额度"],
    ["/cgi-bin/openapi/*", "额度查询"],
  ]],
];

export const KINDS = [
  ["errcode", "返回错误码"],
  ["close", "断开，什么都没做"],
  ["lost", "做了，不回话"],
  ["latency", "变慢"],
  ["html502", "502 网页"],
  ["empty", "空白答复"],
  ["truncated", "JSON 只有半截"],
];

// Number, what it means, and the words that the platform sends with it.
export const NUMBERS = [
  [40001, "令牌失效", "invalid credential, access_token is invalid or not latest"],
  [45009, "当天额度用完", "reach max api daily quota limit"],
  [45015, "48 小时窗口已关", "response out of time limit or subscription is canceled"],
  [45047, "客服消息条数到限", "out of response count limit"],
  [43004, "没有关注", "require subscribe"],
  [48001, "接口没有权限", "api unauthorized"],
  [50002, "账号受限", "user limited"],
  [-1, "系统繁忙", "system error"],
];

const NAMES = new Map(PATHS.flatMap(([, rows]) => rows));

export const nameOf = (path) => NAMES.get(path) ?? path;
