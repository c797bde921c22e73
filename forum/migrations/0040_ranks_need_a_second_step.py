from django.db import migrations

# What a rank needs is kept beside the member, so that no page asks for it, and whoever changes ranks or second steps, a
# command line among them, need not know. A week's grace begins with the first rank; it ends with the last one.
TRIGGERS = """
CREATE FUNCTION bp_judge_rank() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.second_step_at := (
        SELECT min(created_at) FROM public.mfa_authenticator WHERE user_id = NEW.id AND type IN ('totp', 'webauthn')
    );
    IF NEW.is_staff OR EXISTS (SELECT FROM public.forum_subforum_moderators WHERE user_id = NEW.id) THEN
        IF NEW.second_step_due_at IS NULL AND TG_OP = 'UPDATE' THEN
            NEW.second_step_due_at := OLD.second_step_due_at;
        END IF;
        NEW.second_step_due_at := coalesce(NEW.second_step_due_at, now() + interval '7 days');
    ELSE
        NEW.second_step_due_at := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ranks_need_a_second_step
    BEFORE INSERT OR UPDATE OF is_staff, second_step_at, second_step_due_at ON accounts_user
    FOR EACH ROW EXECUTE FUNCTION bp_judge_rank();

CREATE FUNCTION bp_judge_rank_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE public.accounts_user SET second_step_at = NULL WHERE id = OLD.user_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE public.accounts_user SET second_step_at = NULL WHERE id = NEW.user_id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER second_steps_change_ranks AFTER INSERT OR DELETE OR UPDATE OF user_id, type ON mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION bp_judge_rank_again();
CREATE TRIGGER moderators_get_ranks AFTER INSERT OR DELETE OR UPDATE ON forum_subforum_moderators
    FOR EACH ROW EXECUTE FUNCTION bp_judge_rank_again();

UPDATE accounts_user SET second_step_at = NULL
    WHERE is_staff OR id IN (SELECT user_id FROM forum_subforum_moderators);
"""
REMOVE = """
DROP TRIGGER moderators_get_ranks ON forum_subforum_moderators;
DROP TRIGGER second_steps_change_ranks ON mfa_authenticator;
DROP FUNCTION bp_judge_rank_again();
DROP TRIGGER ranks_need_a_second_step ON accounts_user;
DROP FUNCTION bp_judge_rank();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0020_sessions_and_second_steps"),
        ("forum", "0039_badges_sleep"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunSQL(TRIGGERS, REMOVE)]
