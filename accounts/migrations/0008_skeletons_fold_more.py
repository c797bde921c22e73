from django.db import IntegrityError, migrations, transaction

from accounts.text import names


def fold_again(apps, schema_editor):
    """Skeletons of names beyond ASCII fold more letters now. Where two members would meet, the older one gets it."""
    user_model = apps.get_model("accounts", "User")
    for user in user_model.objects.order_by("pk").only("username", "username_skeleton").iterator():
        skeleton = names.skeleton(user.username)
        if skeleton == user.username_skeleton:
            continue
        try:
            with transaction.atomic():
                user_model.objects.filter(pk=user.pk).update(username_skeleton=skeleton)
        except IntegrityError:
            continue


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_news_versions")]
    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop, elidable=True)]
