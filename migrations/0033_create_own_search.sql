-- Whether and with what answers search the web: the service that the workspace added, or the search of the model's own provider. Null: as without it.
alter table conversation_settings add column web_search text check (web_search in ('off', 'service', 'provider'));
alter table user_settings add column web_search text check (web_search in ('off', 'service', 'provider'));
-- Whether a provider's search is told where the person is, as far as their profile says it.
alter table user_settings add column shares_location boolean not null default false;
update agent_version set parameters = '{"webSearch": null}' || parameters;

-- A file that was changed is a new file: what was there before stays what it was.
alter table attachment add column replaces_id uuid references attachment on delete set null;
alter table attachment add column version int not null default 1;
create index attachment_replaces on attachment (replaces_id) where replaces_id is not null;

-- `server`: an agent of the system workspace, which everybody on this server may use and its administrators change.
alter table agent drop constraint agent_visibility_check, add constraint agent_visibility_check
  check (visibility in ('own', 'workspace', 'server') and (visibility = 'server') = (workspace_id = '00000000-0000-7000-8000-000000000001'));
create index agent_of_server on agent (updated_at desc, id desc) where visibility = 'server' and deleted_at is null;
