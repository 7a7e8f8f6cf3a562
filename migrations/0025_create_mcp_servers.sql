-- Servers of tools that speak MCP, of a workspace. What they offer is kept here, so that a turn never waits to learn it.

create table mcp_server (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  name text not null,
  -- Begins the names of its tools, so it stays when the name changes.
  slug text not null check (slug ~ '^[a-z0-9][a-z0-9-]{0,23}$'),
  transport text not null check (transport in ('stdio', 'http', 'sse')),
  url text,
  command text,
  args text[] not null default '{}',
  -- One sealed JSON object each; the names stay readable for the screen.
  sealed_env bytea,
  env_names text[] not null default '{}',
  sealed_headers bytea,
  header_names text[] not null default '{}',
  -- Whose credentials it is called with: the workspace's (those above), or each person's own.
  credentials text not null default 'shared' check (credentials in ('shared', 'personal', 'oauth')),
  -- Whether what it says of its tools (read-only) is believed.
  trusts_hints boolean not null default false,
  is_enabled boolean not null default true,
  status text not null default 'disconnected' check (status in ('connected', 'disconnected', 'error')),
  status_reason text,
  status_at timestamptz,
  -- As it calls itself, and the revision of the protocol that was agreed on.
  server_name text,
  server_version text,
  protocol text,
  has_resources boolean not null default false,
  tools_listed_at timestamptz,
  -- Our registration at its authorisation server, sealed, and where that is.
  sealed_client bytea,
  created_by uuid references principal on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((transport = 'stdio') = (command is not null)),
  check ((transport = 'stdio') = (url is null)),
  check (transport <> 'stdio' or credentials = 'shared'),
  unique (workspace_id, slug)
);
create index mcp_server_created_by on mcp_server (created_by) where created_by is not null;

create table mcp_tool (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  server_id uuid not null references mcp_server on delete cascade,
  -- As the server calls it, and as models do: unique in the workspace, and the same for as long as it is known.
  name text not null,
  call_name text not null,
  title text,
  description text not null,
  input_schema jsonb not null,
  hints jsonb not null default '{}',
  -- Of everything that a model is told of it. Where it changes, what was allowed is asked for again.
  hash text not null,
  permission text not null default 'ask' check (permission in ('allow', 'ask', 'deny')),
  is_changed boolean not null default false,
  -- False: the server does not list it any more. Kept, so that its permission is not forgotten and its name not given away.
  is_listed boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, call_name),
  unique (server_id, name)
);

-- What became of its connection; the newest are kept.
create table mcp_server_event (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  server_id uuid not null references mcp_server on delete cascade,
  status text not null check (status in ('connected', 'disconnected', 'error')),
  reason text,
  created_at timestamptz not null default now()
);
create index mcp_server_event_list on mcp_server_event (server_id, id desc);
create index mcp_server_event_workspace on mcp_server_event (workspace_id);

-- A person's own credentials for a server: a header that they filled in, or tokens.
create table mcp_credential (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  server_id uuid not null references mcp_server on delete cascade,
  user_id uuid not null references user_account on delete cascade,
  kind text not null check (kind in ('header', 'oauth')),
  sealed bytea not null,
  -- Of the access token, where it says so.
  expires_at timestamptz,
  -- Why it does not work any more; null while it does.
  failure text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (server_id, user_id)
);
create index mcp_credential_user on mcp_credential (user_id);
create index mcp_credential_workspace on mcp_credential (workspace_id);

-- A person is on their way to the authorisation server and back.
create table mcp_authorization (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  server_id uuid not null references mcp_server on delete cascade,
  user_id uuid not null references user_account on delete cascade,
  -- Of the secret in the address that leads back.
  state_hash bytea not null unique,
  -- The session in which it began; it ends in no other.
  session_id uuid not null,
  sealed bytea not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);
create index mcp_authorization_server on mcp_authorization (server_id);
create index mcp_authorization_user on mcp_authorization (user_id);
create index mcp_authorization_workspace on mcp_authorization (workspace_id);

-- Whoever runs a workspace runs its servers; members see and use them. Programs on the machine are a right of their own, which only administrators have by their role.
insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000002501', 'mcp-server:*', 'mcp-server', '*'),
  ('00000000-0000-7000-8000-000000002502', 'mcp-server:read', 'mcp-server', 'read'),
  ('00000000-0000-7000-8000-000000002503', 'mcp-server:use', 'mcp-server', 'use'),
  ('00000000-0000-7000-8000-000000002504', 'server-program:create', 'server-program', 'create');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000002501'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000002502'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000002503');
