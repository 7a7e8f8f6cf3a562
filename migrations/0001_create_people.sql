-- Workspaces are the only tenant; every tenant row carries workspace_id and its unique indexes lead with it, except what is looked up at the
-- door (e-mail, token hashes). Rows of the system itself belong to the fixed system workspace, never to NULL.
create table workspace (
  id uuid primary key,
  name text not null,
  kind text not null check (kind in ('system', 'personal', 'team')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

insert into workspace (id, name, kind) values ('00000000-0000-7000-8000-000000000001', 'System', 'system');

-- Whoever acts: a signed-in user, a contact on a messaging platform, a visitor of a page, an agent, the system.
create table principal (
  id uuid primary key,
  -- Of a user: the personal workspace, where things go that name no other.
  workspace_id uuid not null references workspace,
  kind text not null check (kind in ('user', 'contact', 'visitor', 'agent', 'system')),
  created_at timestamptz not null default now()
);

insert into principal (id, workspace_id, kind) values ('00000000-0000-7000-8000-000000000002', '00000000-0000-7000-8000-000000000001', 'system');

-- "user" is a reserved word of SQL; the account of a person who signs in. Its id is the principal's.
create table user_account (
  id uuid primary key references principal on delete cascade,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  status text not null default 'active' check (status in ('active', 'inactive', 'disabled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table profile (
  user_id uuid primary key references user_account on delete cascade,
  first_name text not null default '',
  last_name text not null default '',
  bio text,
  picture_url text,
  city text,
  region text,
  country text,
  postal_code text,
  lat double precision check (lat between -90 and 90),
  lng double precision check (lng between -180 and 180),
  timezone text
);

create table user_settings (
  user_id uuid primary key references user_account on delete cascade,
  theme text not null default 'system' check (theme in ('light', 'dark', 'system')),
  default_model_id uuid
);

-- A way to sign in: a password, later OAuth accounts, whose tokens are sealed.
create table account (
  id uuid primary key,
  user_id uuid not null references user_account on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_user on account (user_id);

create table session (
  id uuid primary key,
  user_id uuid not null references user_account on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index session_by_user on session (user_id);

create table verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier on verification (identifier);

-- The one-time link printed at start; only its hash is kept.
create table entry_link (
  token_hash bytea primary key,
  expires_at timestamptz not null,
  used_at timestamptz
);

create table api_key (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  user_id uuid not null references user_account on delete cascade,
  name text not null,
  -- The first characters, shown so that a person can tell keys apart; the rest exists only as a hash.
  prefix text not null,
  key_hash bytea not null unique,
  scopes text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index api_key_user on api_key (user_id);

create table role (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  name text not null,
  display_order int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, name)
);

create table policy (
  id uuid primary key,
  name text not null,
  resource text not null,
  action text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (resource, action)
);

create table role_policy (
  role_id uuid not null references role on delete cascade,
  policy_id uuid not null references policy on delete cascade,
  created_at timestamptz not null default now(),
  primary key (role_id, policy_id)
);

-- A principal holds a role at a scope. Membership of a workspace is a grant at scope 'workspace'; every user also holds one at scope 'system',
-- which says what they are on this server.
create table role_grant (
  workspace_id uuid not null references workspace on delete cascade,
  principal_id uuid not null references principal on delete cascade,
  scope text not null check (scope in ('system', 'workspace', 'agent', 'page')),
  scope_id uuid not null,
  role_id uuid not null references role,
  created_at timestamptz not null default now(),
  primary key (principal_id, scope, scope_id)
);
create index role_grant_workspace on role_grant (workspace_id, principal_id);

insert into role (id, workspace_id, name, display_order) values
  ('00000000-0000-7000-8000-000000000011', '00000000-0000-7000-8000-000000000001', 'Admin', 1),
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000000001', 'Super User', 2),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000000001', 'User', 3);

insert into policy (id, name, resource, action)
select ('00000000-0000-7000-8000-0000000001' || lpad(row_number() over (order by resource, action)::text, 2, '0'))::uuid,
       resource || ':' || action, resource, action
from (values
  ('*', '*'), ('profile', '*'), ('session', '*'), ('api-key', '*'), ('workspace', 'read'), ('workspace', 'create'), ('workspace', 'update'),
  ('connection', 'read'), ('connection', 'create'), ('connection', '*'), ('model', 'read'), ('model', 'use'), ('conversation', '*'), ('message', '*'),
  ('turn', '*'), ('usage', 'read'), ('budget', 'read'), ('budget', 'update'), ('member', '*')
) as policies (resource, action);

insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000011', id from policy where resource = '*';

-- Runs a workspace; no system settings.
insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000012', id from policy
where (resource, action) in (('profile', '*'), ('session', '*'), ('api-key', '*'), ('workspace', 'read'), ('workspace', 'create'), ('workspace', 'update'), ('connection', '*'),
  ('model', 'read'), ('model', 'use'), ('conversation', '*'), ('message', '*'), ('turn', '*'), ('usage', 'read'), ('budget', 'read'), ('budget', 'update'), ('member', '*'));

insert into role_policy (role_id, policy_id)
select '00000000-0000-7000-8000-000000000013', id from policy
where (resource, action) in (('profile', '*'), ('session', '*'), ('api-key', '*'), ('workspace', 'read'), ('connection', 'read'), ('connection', 'create'), ('model', 'read'),
  ('model', 'use'), ('conversation', '*'), ('message', '*'), ('turn', '*'), ('usage', 'read'), ('budget', 'read'));

create table workspace_settings (
  workspace_id uuid primary key references workspace on delete cascade,
  default_model_id uuid,
  system_prompt text,
  temperature double precision check (temperature between 0 and 2),
  max_tokens int check (max_tokens > 0),
  top_p double precision check (top_p between 0 and 1),
  frequency_penalty double precision check (frequency_penalty between -2 and 2),
  presence_penalty double precision check (presence_penalty between -2 and 2),
  updated_at timestamptz not null default now()
);

-- Sealed values of the server itself: a constant that the vault must be able to open at start, or the start is refused ('canary'), and the
-- secret that signs cookies.
create table vault_secret (
  name text primary key,
  sealed bytea not null
);

-- Attempts counted across all processes, in fixed windows; the key is a hash, since it would name people and addresses.
create table rate_limit (
  key_hash bytea primary key,
  attempts int not null,
  resets_at timestamptz not null
);
create index rate_limit_reset on rate_limit (resets_at);
