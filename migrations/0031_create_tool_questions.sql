-- What a tool asks a person in the middle of a call: a form, an address to open, a sign-in, leave to ask a model.

create table tool_question (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  turn_id uuid not null references turn on delete cascade,
  tool_call_id uuid not null references tool_call on delete cascade,
  -- Within the call: one that runs again after an interruption asks the same question, and finds its answer.
  key text not null,
  -- Whose turn it is. Nobody else answers.
  asked_of uuid not null references principal on delete cascade,
  body jsonb not null,
  state text not null default 'asked' check (state in ('asked', 'accepted', 'declined', 'cancelled', 'expired')),
  -- What was filled in, for the tool alone.
  sealed_answer bytea,
  expires_at timestamptz not null,
  answered_at timestamptz,
  created_at timestamptz not null default now(),
  unique (tool_call_id, key)
);
create index tool_question_turn on tool_question (turn_id);
create index tool_question_workspace on tool_question (workspace_id);
create index tool_question_open on tool_question (asked_of) where state = 'asked';

-- With what a call goes on after an interruption: what its server has handed over for that, sealed.
create table tool_call_memo (
  tool_call_id uuid primary key references tool_call on delete cascade,
  workspace_id uuid not null references workspace on delete cascade,
  sealed bytea not null
);
create index tool_call_memo_workspace on tool_call_memo (workspace_id);

-- Whether a server may ask the turn's model something, at the workspace's cost.
alter table mcp_server add column sampling text not null default 'deny' check (sampling in ('deny', 'ask', 'allow'));

-- Prompts of a server, as it listed them last.
create table mcp_prompt (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  server_id uuid not null references mcp_server on delete cascade,
  name text not null,
  title text,
  description text not null,
  arguments jsonb not null,
  created_at timestamptz not null default now(),
  unique (server_id, name)
);
create index mcp_prompt_workspace on mcp_prompt (workspace_id);

alter table usage drop constraint usage_purpose_check;
alter table usage add constraint usage_purpose_check check (purpose in ('answer', 'embedding', 'title', 'summary', 'guardrail', 'rerank', 'tool'));

-- A word for good that was given for an agent goes with the agent.
delete from tool_permission p where agent_id is not null and not exists (select from agent a where a.id = p.agent_id);
alter table tool_permission add foreign key (agent_id) references agent on delete cascade;
create index tool_permission_of_agent on tool_permission (agent_id) where agent_id is not null;
