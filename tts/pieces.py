"""The pieces of announcements of position and wait, prepared beforehand, and what each says (QUEUE-5).

`orchestrator.domain.announcements` composes sentences of them, by their names; `press_one...` are said whole to agents
on their mobiles, and what `orchestrator.domain.agent_service` names to those who call the agents' service (MOB-1).
`message_greeting` is said before the tone to those who leave a message (QUEUE-1).
"""

from tts.engine import Language

DIGITS_ZH = "零一二三四五六七八九"
ONES_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS_EN = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]

#: What each piece says.
PIECES: dict[Language, dict[str, str]] = {
    Language.ZH: {
        **{str(n): digit for n, digit in enumerate(DIGITS_ZH)},
        "two": "两",
        "10": "十",
        "100": "百",
        "1000": "千",
        "ahead": "您前面还有",
        "callers": "位",
        "next": "您是下一位",
        "wait": "预计等待",
        "minutes": "分钟",
        "under_a_minute": "预计等待不到一分钟",
        "press_one": "您有一个客户来电，接听请按1",
        "press_one_to_call": "呼叫客户请按1",
        "message_greeting": "您好，现在无人接听。请在提示音后留言，说完请按井号键或直接挂机",
        "service_number": "请输入您的工号或手机号，按井号键结束",
        "service_pin": "请输入您的密码，按井号键结束",
        "service_menu": "在线请按1，小休请按2，忙碌请按3，离线请按4，结束整理请按9",
        "service_wrong": "工号或密码不正确",
        "service_locked": "密码错误次数过多，请十五分钟后再试，再见",
        "service_no_pin": "您还没有设置电话密码，请先在工作台设置，再见",
        "service_refused": "抱歉，无法为您服务，再见",
        "service_engaged": "振铃或通话中不能更改状态",
        "service_no_device": "您的接听设备未登录，不能上线",
        "service_no_seat": "坐席已用完，现在不能登录",
        "service_not_wrapping_up": "您不在整理状态",
        "service_online_later": "挂机后您将开始接听来电，再见",
        "service_bye": "再见",
        "state_online": "您现在的状态是在线",
        "state_break": "您现在的状态是小休",
        "state_busy": "您现在的状态是忙碌",
        "state_offline": "您现在的状态是离线",
        "state_ringing": "您的电话正在振铃",
        "state_in_call": "您正在通话中",
        "state_wrap_up": "您正在整理",
    },
    Language.EN: {
        **{str(n): word for n, word in enumerate(ONES_EN)},
        **{str(20 + 10 * n): word for n, word in enumerate(TENS_EN)},
        "100": "hundred",
        "1000": "thousand",
        "position": "you are number",
        "in_line": "in the queue",
        "next": "you are next in the queue",
        "wait": "the estimated wait is",
        "minute": "minute",
        "minutes": "minutes",
        "under_a_minute": "the estimated wait is less than a minute",
        "press_one": "you have a call from a customer, press one to take it",
        "press_one_to_call": "press one to call your customer",
        "message_greeting": (
            "hello, nobody can take your call now. Please leave a message after the tone, then press the hash key or "
            "hang up"
        ),
        "service_number": "please enter your agent number or your mobile number, then press the hash key",
        "service_pin": "please enter your PIN, then press the hash key",
        "service_menu": (
            "to go online press one, for a break press two, for busy press three, to go offline press four, "
            "to end the wrap-up press nine"
        ),
        "service_wrong": "the agent number or the PIN is wrong",
        "service_locked": "there were too many wrong entries, please try again in fifteen minutes, goodbye",
        "service_no_pin": "you have no PIN yet, please choose one at your desk first, goodbye",
        "service_refused": "sorry, you can not be served, goodbye",
        "service_engaged": "your state can not be changed while your phone rings or you are in a call",
        "service_no_device": "your phone is not signed in, so you can not go online",
        "service_no_seat": "no seat is free, so you can not log in now",
        "service_not_wrapping_up": "you are not wrapping up",
        "service_online_later": "calls will reach you as soon as you hang up, goodbye",
        "service_bye": "goodbye",
        "state_online": "you are online",
        "state_break": "you are on a break",
        "state_busy": "you are busy",
        "state_offline": "you are offline",
        "state_ringing": "your phone is ringing",
        "state_in_call": "you are in a call",
        "state_wrap_up": "you are wrapping up",
    },
}
