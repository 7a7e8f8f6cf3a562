-- One row per running server process. A process that stops renewing is dead to the others: the reaper takes its turns over.
create table process (
  id uuid primary key,
  lease_until timestamptz not null,
  started_at timestamptz not null default now()
);

-- The immutable settings a task ran with, shared by tasks with equal ones.
create table settings_snapshot (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  hash bytea not null,
  provider text not null,
  model_id uuid not null,
  model_name text not null,
  connection_id uuid not null,
  -- Whose key paid: conversation | user | workspace | house.
  key_origin text not null,
  system_prompt text,
  -- {parameters, tools, origins}: what was sent, and where each value came from.
  settings jsonb not null,
  -- Nano-dollars per 1,000 tokens when the snapshot was made; null where unknown.
  price jsonb not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, hash)
);

create table turn (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  actor_id uuid not null references principal,
  -- Null for an ephemeral turn (/v1 without store): no conversation, no durable log, no continuation.
  conversation_id uuid references conversation on delete cascade,
  user_message_id uuid,
  answer_message_id uuid,
  state text not null check (state in ('queued', 'running', 'waiting', 'completed', 'stopped', 'failed')),
  -- Fencing token: every write of the engine names the epoch it believes in; a takeover adds one.
  epoch int not null default 1,
  process_id uuid,
  -- How often another process had to take it over.
  takeovers int not null default 0,
  step int not null default 0,
  settings_id uuid not null references settings_snapshot,
  api_key_id uuid,
  stop_requested_at timestamptz,
  error jsonb,
  idempotency_key text,
  fingerprint bytea,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
create unique index turn_idempotency on turn (actor_id, idempotency_key) where idempotency_key is not null;
create unique index turn_answer on turn (answer_message_id) where answer_message_id is not null;
create index turn_process on turn (process_id) where state in ('running', 'waiting', 'queued');
create index turn_queued on turn (user_message_id) where state = 'queued';
create index turn_unfinished on turn (conversation_id) where state in ('queued', 'running', 'waiting');

-- One row per model call. Never partitioned: that a call is charged once rests on this row.
create table task (
  id uuid primary key,
  workspace_id uuid not null,
  turn_id uuid not null references turn on delete cascade,
  step int not null,
  attempt int not null,
  status text not null check (status in ('running', 'completed', 'failed', 'stopped', 'interrupted')),
  settings_id uuid not null,
  -- What it was asked, as references: {"leafMessageId", "afterSummary", "kept"}. Whole contexts per task would grow with the square.
  prompt jsonb not null default '{}',
  -- The parts this call produced are the answer's parts of this step; here is what the provider said about it.
  finish_reason text,
  provider_request_id text,
  input_tokens int,
  output_tokens int,
  reasoning_tokens int,
  cache_read_tokens int,
  cache_write_tokens int,
  is_estimated boolean not null default false,
  cost_nano_usd bigint,
  first_token_ms int,
  latency_ms int,
  error jsonb,
  -- The reservation, held until the task ends, and the periods it was taken from.
  reserved_nano_usd bigint not null default 0,
  budget_ids uuid[] not null default '{}',
  period_starts_at timestamptz[] not null default '{}',
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (turn_id, step, attempt)
);

-- A tool's run is written down before it starts, so that after a crash nothing that may not run twice does.
create table tool_call (
  id uuid primary key,
  workspace_id uuid not null,
  turn_id uuid not null references turn on delete cascade,
  step int not null,
  call_id text not null,
  tool_name text not null,
  arguments jsonb not null,
  state text not null check (state in ('asked', 'allowed', 'running', 'completed', 'failed', 'denied', 'interrupted', 'client')),
  -- Read-only or idempotent: may run again after an interruption, with the same call id.
  is_repeatable boolean not null,
  result text,
  decided_by uuid references principal,
  decided_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  unique (turn_id, step, call_id)
);
create index tool_call_turn on tool_call (turn_id);

-- "Always allow" and "always deny", for a tool in a conversation.
create table tool_permission (
  workspace_id uuid not null references workspace on delete cascade,
  conversation_id uuid not null references conversation on delete cascade,
  tool_name text not null,
  decision text not null check (decision in ('allow', 'deny')),
  decided_by uuid not null references principal,
  created_at timestamptz not null default now(),
  primary key (conversation_id, tool_name)
);
