create table connection (
  id uuid primary key,
  -- The workspace it belongs to; the system workspace for the house's. Own keys follow their user into every workspace.
  workspace_id uuid not null references workspace on delete cascade,
  -- Null: a key of the workspace or the house.
  owner_id uuid references user_account on delete cascade,
  provider text not null check (provider in ('openai', 'anthropic', 'google', 'xai', 'openai-compatible', 'ollama', 'built-in')),
  name text not null,
  base_url text,
  sealed_key bytea,
  key_last4 text,
  -- One sealed JSON object of custom headers; their names are kept readable for the screen.
  sealed_headers bytea,
  header_names text[] not null default '{}',
  -- Set up by the environment variable of this name (or `built-in`, or `ollama-search`); changed there and nowhere else.
  managed_by text,
  allows_private_address boolean not null default false,
  is_default boolean not null default false,
  status text not null default 'untested' check (status in ('ready', 'error', 'untested')),
  status_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index connection_workspace on connection (workspace_id);
create index connection_owner on connection (owner_id) where owner_id is not null;
create unique index connection_default_of_user on connection (owner_id, provider) where is_default and owner_id is not null;
create unique index connection_default_of_workspace on connection (workspace_id, provider) where is_default and owner_id is null;
create unique index connection_managed on connection (workspace_id, managed_by) where managed_by is not null;

-- The catalogue. Models of the large providers are one row for everybody; those of an own endpoint (OpenAI-compatible, Ollama) belong to it.
create table model (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  provider text not null,
  endpoint_connection_id uuid references connection on delete cascade,
  internal_name text not null,
  name text not null,
  description text,
  kind text not null default 'chat' check (kind in ('chat', 'embedding', 'reranking', 'image')),
  max_context int,
  max_output int,
  max_reasoning int,
  summarize_threshold int,
  default_parameters jsonb not null default '{}',
  -- How fit it is to be the model of those who chose none; the lowest of a provider comes first, null last.
  default_rank int,
  -- An administrator's corrections, by field; they outlive updates of the catalogue.
  overrides jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index model_of_provider on model (workspace_id, provider, internal_name) where endpoint_connection_id is null;
create unique index model_of_endpoint on model (workspace_id, endpoint_connection_id, internal_name) where endpoint_connection_id is not null;

-- Which connection offers which model, as its provider listed it last.
create table connection_model (
  connection_id uuid not null references connection on delete cascade,
  model_id uuid not null references model on delete cascade,
  primary key (connection_id, model_id)
);
create index connection_model_model on connection_model (model_id);

-- Nano-dollars per 1,000 tokens, with history: the row with the latest valid_from counts. NULL is unknown, never zero.
create table model_price (
  model_id uuid not null references model on delete cascade,
  valid_from timestamptz not null,
  origin text not null check (origin in ('catalogue', 'admin', 'free', 'unknown')),
  input_per_1k bigint,
  output_per_1k bigint,
  reasoning_per_1k bigint,
  cache_read_per_1k bigint,
  cache_write_per_1k bigint,
  primary key (model_id, valid_from)
);
