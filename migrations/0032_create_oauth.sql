-- Programs that people let in by OAuth. They come to `/mcp`, in the name of who let them in, cut to what was granted.

-- Registered by the program itself (RFC 7591), or described by a document at the address that is its id. Nobody has looked at either.
create table oauth_client (
  id uuid primary key,
  -- Always the system's: a program is let in by people of many workspaces.
  workspace_id uuid not null references workspace on delete cascade,
  client_id text not null unique,
  kind text not null check (kind in ('registered', 'document')),
  name text not null,
  redirect_uris text[] not null,
  -- Of a document: when it was read last.
  read_at timestamptz,
  created_at timestamptz not null default now()
);

-- What a person let a program do in a workspace: a connected app. Without it none of its tokens is worth anything.
create table oauth_grant (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  user_id uuid not null references user_account on delete cascade,
  client_id uuid not null references oauth_client on delete cascade,
  -- Where the program wanted its answer.
  redirect_uri text not null,
  scopes text[] not null,
  last_used_at timestamptz,
  created_at timestamptz not null default now()
);
create index oauth_grant_user on oauth_grant (user_id, created_at desc);
create index oauth_grant_client on oauth_grant (client_id);
create index oauth_grant_workspace on oauth_grant (workspace_id);

-- From the consent to the token, once and for a minute. Kept for a while after that, so that a second use is known for one.
create table oauth_code (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  code_hash bytea not null unique,
  user_id uuid not null references user_account on delete cascade,
  client_id uuid not null references oauth_client on delete cascade,
  redirect_uri text not null,
  -- SHA-256 of the verifier, as the program sent it (RFC 7636).
  challenge text not null,
  scopes text[] not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- What came of it.
  grant_id uuid references oauth_grant on delete cascade
);
create index oauth_code_user on oauth_code (user_id);
create index oauth_code_client on oauth_code (client_id);
create index oauth_code_workspace on oauth_code (workspace_id);
create index oauth_code_grant on oauth_code (grant_id) where grant_id is not null;
create index oauth_code_expiry on oauth_code (expires_at);

create table oauth_token (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  grant_id uuid not null references oauth_grant on delete cascade,
  kind text not null check (kind in ('access', 'refresh')),
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  -- Of a refresh token: when it was changed for the next one.
  used_at timestamptz
);
create index oauth_token_grant on oauth_token (grant_id);
create index oauth_token_workspace on oauth_token (workspace_id);
create index oauth_token_expiry on oauth_token (expires_at);

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000003201', 'app:*', 'app', '*');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000003201'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000003201');
