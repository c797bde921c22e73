"""What one member, or one address, may do (docs/settings.md)."""

from config import environment

RATE_LIMITS = {
    "post": environment.rate("RATE_LIMIT_POST", "10/10m"),
    "topic": environment.rate("RATE_LIMIT_TOPIC", "5/1h"),
    "draft": environment.rate("RATE_LIMIT_DRAFT", "300/10m"),
    "invite": environment.rate("RATE_LIMIT_INVITE", "10/1d"),
    "keep": environment.rate("RATE_LIMIT_KEEP", "10/1h"),
    "confirm": environment.rate("RATE_LIMIT_CONFIRM", "60/10m"),
    "edit": environment.rate("RATE_LIMIT_EDIT", "30/10m"),
    "preview": environment.rate("RATE_LIMIT_PREVIEW", "60/10m"),
    "suggest": environment.rate("RATE_LIMIT_SUGGEST", "600/10m"),
    "mention": environment.rate("RATE_LIMIT_MENTION", "600/10m"),
    "flag_new": environment.rate("RATE_LIMIT_FLAG_NEW", "5/1d"),
    "flag_member": environment.rate("RATE_LIMIT_FLAG_MEMBER", "20/1d"),
    "flag_trusted": environment.rate("RATE_LIMIT_FLAG_TRUSTED", "50/1d"),
    "react": environment.rate("RATE_LIMIT_REACT", "60/10m"),
    "profile": environment.rate("RATE_LIMIT_PROFILE", "20/1h"),
    "bookmark": environment.rate("RATE_LIMIT_BOOKMARK", "60/10m"),
    "appeal": environment.rate("RATE_LIMIT_APPEAL", "10/1d"),
    "sign_up": environment.rate("RATE_LIMIT_SIGN_UP", "10/1h"),
    "sign_up_answer": environment.rate("RATE_LIMIT_SIGN_UP_ANSWER", "20/1h"),
    "sign_in": environment.rate("RATE_LIMIT_SIGN_IN", "30/10m"),
    "sign_in_account": environment.rate("RATE_LIMIT_SIGN_IN_ACCOUNT", "10/10m"),
    "sign_in_all": environment.rate("RATE_LIMIT_SIGN_IN_ALL", "3000/10m"),
    "second_step": environment.rate("RATE_LIMIT_SECOND_STEP", "30/10m"),
    "second_step_account": environment.rate("RATE_LIMIT_SECOND_STEP_ACCOUNT", "10/10m"),
    "second_step_all": environment.rate("RATE_LIMIT_SECOND_STEP_ALL", "1000/10m"),
    "passkey": environment.rate("RATE_LIMIT_PASSKEY", "60/10m"),
    "mail": environment.rate("RATE_LIMIT_MAIL", "10/1h"),
    "mail_account": environment.rate("RATE_LIMIT_MAIL_ACCOUNT", "5/1h"),
    # Counted in the memory of each process (accounts/limits/work_limits.py).
    "search": environment.rate("RATE_LIMIT_SEARCH", "120/10m"),
    "history": environment.rate("RATE_LIMIT_HISTORY", "120/10m"),
    "feed": environment.rate("RATE_LIMIT_FEED", "300/10m"),
    "data": environment.rate("RATE_LIMIT_DATA", "300/10m"),
    "visitors": environment.rate("RATE_LIMIT_VISITORS", "3000/10m"),
}
# Threads of each web process; so many writers at once leave some of them to readers (accounts/limits/write_permits.py).
WEB_THREADS = environment.number("WEB_THREADS", 8, least=1, most=200)
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10
