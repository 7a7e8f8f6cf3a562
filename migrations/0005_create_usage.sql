-- Only budgets with a limit have a row. Money is integer nano-dollars.
create table budget (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  scope text not null check (scope in ('system', 'workspace', 'group', 'user', 'api-key', 'agent')),
  scope_id uuid not null,
  limit_nano_usd bigint not null check (limit_nano_usd >= 0),
  period text not null check (period in ('day', 'week', 'month')),
  -- Whether calls paid by a person's own key count.
  covers_own_keys boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, scope, scope_id)
);

-- Inserted at its first use; a reservation settles into the period it was taken from.
create table budget_period (
  budget_id uuid not null references budget on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  limit_nano_usd bigint not null,
  spent_nano_usd bigint not null default 0,
  reserved_nano_usd bigint not null default 0 check (reserved_nano_usd >= 0),
  primary key (budget_id, starts_at)
);

create table usage (
  id uuid not null,
  workspace_id uuid not null,
  principal_id uuid not null,
  type text not null check (type in ('user', 'agent', 'guardrail')),
  purpose text not null check (purpose in ('answer', 'embedding', 'title', 'summary', 'guardrail', 'rerank')),
  conversation_id uuid,
  message_id uuid,
  turn_id uuid,
  task_id uuid,
  api_key_id uuid,
  provider text not null,
  model_id uuid not null,
  model_name text not null,
  connection_id uuid not null,
  key_origin text not null,
  input_tokens int not null,
  output_tokens int not null,
  reasoning_tokens int not null,
  cache_read_tokens int not null,
  cache_write_tokens int not null,
  -- NULL: the price was unknown.
  cost_nano_usd bigint,
  price jsonb not null,
  is_estimated boolean not null,
  latency_ms int not null,
  provider_request_id text,
  created_at timestamptz(3) not null default now(),
  primary key (created_at, id)
) partition by range (created_at);
create table usage_default partition of usage default;
create index usage_workspace on usage (workspace_id, created_at desc, id desc);
