"""Every setting of Borderpost. Values come from the environment; docs/settings.md explains each one."""

from config.settings.applications import *
from config.settings.borders import *
from config.settings.databases import *
from config.settings.files import *
from config.settings.letters import *
from config.settings.logs import *
from config.settings.metrics import *
from config.settings.moderators import *
from config.settings.request_limits import *
from config.settings.security import *
from config.settings.signup_and_signin import *
from config.settings.site import *
