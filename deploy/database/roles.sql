-- The roles that the portal's processes sign in with, and what each may do. An administrator (superuser) of the database
-- runs it after the first `manage.py migrate`, and again after each new version; running it twice changes nothing.
--
--   distportal_web       web processes
--   distportal_worker    workers, sweeper, beat
--   distportal_readonly  reports and people who look: no secrets, no sessions, nothing written
--
-- The owner of the tables migrates and backs up, and nothing else signs in as it: only the owner can change or switch off
-- what guards the audit trail. Passwords are given apart: \password distportal_web
DO $$
DECLARE
    role text;
    held regclass;
    portal_owner text := (SELECT tableowner FROM pg_tables
                           WHERE schemaname = current_schema() AND tablename = 'django_migrations');
    space text := quote_ident(current_schema());
BEGIN
    IF portal_owner IS NULL THEN
        RAISE EXCEPTION 'run manage.py migrate first: there are no tables of the portal in schema %', space;
    END IF;

    FOREACH role IN ARRAY ARRAY['distportal_web', 'distportal_worker', 'distportal_readonly'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I', role);
        END IF;
        -- Our own people and workers see every company; dealers' requests go behind the wall as distportal_dealer.
        EXECUTE format('ALTER ROLE %I LOGIN BYPASSRLS NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', role);
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %s FROM %I', space, role);
        EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', space, role);
    END LOOP;

    FOREACH role IN ARRAY ARRAY['distportal_web', 'distportal_worker'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %s TO %I', space, role);
        EXECUTE format('GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %s TO %I', space, role);
        -- A version that migrates while this one runs brings tables that both have to use.
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %s '
                       'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %I', portal_owner, space, role);
        EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I IN SCHEMA %s '
                       'GRANT USAGE, SELECT ON SEQUENCES TO %I', portal_owner, space, role);
        -- What was is never written anew: histories, events, switches, and which migrations were run.
        FOR held IN
            SELECT attrelid::regclass FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
             WHERE attname = 'pgh_obj_id' AND c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
        LOOP
            EXECUTE format('REVOKE UPDATE, DELETE ON %s FROM %I, distportal_dealer', held, role);
        END LOOP;
        EXECUTE format('REVOKE UPDATE, DELETE ON events_flowswitch, events_outboxevent, events_historyseal '
                       'FROM %I, distportal_dealer', role);
        EXECUTE format('REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM %I, distportal_dealer', role);
    END LOOP;

    -- Requests of dealers are served by web alone. It turns into the role and has none of its rights before; a worker
    -- that was a member would have the right to second factors by it.
    REVOKE distportal_dealer FROM distportal_worker;
    IF current_setting('server_version_num')::int >= 160000 THEN
        EXECUTE 'GRANT distportal_dealer TO distportal_web WITH INHERIT FALSE';  -- older ones cannot read it
    ELSE
        GRANT distportal_dealer TO distportal_web;
    END IF;

    -- Clearing up is the workers' business, second factors are not.
    REVOKE DELETE ON events_job, events_outboxdelivery, events_consumedevent, systems_systemcall
      FROM distportal_web, distportal_dealer;
    REVOKE ALL ON mfa_authenticator FROM distportal_worker;

    -- Statistics after a merge, and how much of the log is kept: see docs/back-pressure.md.
    GRANT pg_monitor TO distportal_worker;
    IF current_setting('server_version_num')::int >= 170000 THEN
        EXECUTE format('GRANT MAINTAIN ON ALL TABLES IN SCHEMA %s TO distportal_worker', space);
    END IF;

    -- Reports get few connections and end by themselves: what looks at the tables for an hour keeps VACUUM from all that
    -- became dead meanwhile, and the queues grow slow. Where the server reserves connections, they are for the portal.
    ALTER ROLE distportal_readonly CONNECTION LIMIT 10;
    ALTER ROLE distportal_readonly SET statement_timeout = '5min';
    ALTER ROLE distportal_readonly SET idle_in_transaction_session_timeout = '1min';
    IF current_setting('server_version_num')::int >= 170000 THEN
        ALTER ROLE distportal_readonly SET transaction_timeout = '15min';
    END IF;
    IF current_setting('server_version_num')::int >= 160000 THEN
        GRANT pg_use_reserved_connections TO distportal_web, distportal_worker;
    END IF;

    EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA %s TO distportal_readonly', space);
    -- A key's own number has the hash of its secret in it, and the history of keys repeats the number.
    REVOKE ALL ON accounts_apikey, accounts_apikeyevent, accounts_user, django_session, edi_mailbox, edi_certificate,
                  mfa_authenticator, usersessions_usersession, personal_personalrequest, webhooks_endpoint, webhooks_sender
             FROM distportal_readonly;
    GRANT SELECT (id, email, name, is_active, is_staff, is_superuser, language, time_zone, last_login, created_at)
       ON accounts_user TO distportal_readonly;
END $$;
