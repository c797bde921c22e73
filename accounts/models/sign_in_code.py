from django.conf import settings
from django.db import models


class SignInCode(models.Model):
    """The newest code by which a member may sign in, encrypted with the state of the account, until it is used."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    sealed = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Code for {self.user_id}"
