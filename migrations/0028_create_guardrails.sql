-- Rules about what a model is given and what it answers. What a rule found is kept without the words in which it found it.

create table guardrail (
  id uuid primary key,
  workspace_id uuid not null references workspace on delete cascade,
  name text not null,
  kind text not null check (kind in ('pattern', 'personal_data', 'length', 'topics', 'judge')),
  -- By kind: what is looked for.
  configuration jsonb not null,
  -- input | output | tool_results
  places text[] not null,
  action text not null check (action in ('block', 'redact', 'warn')),
  -- Of a check that could not be made: closed does what the rule does where it finds something.
  if_fails text not null check (if_fails in ('closed', 'open')),
  -- What a person is told, in the words of whoever made the rule; empty: ours.
  message text not null default '',
  -- everything in the workspace, or only what an agent answers that names it.
  applies_to text not null check (applies_to in ('everything', 'agents')),
  is_enabled boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index guardrail_workspace on guardrail (workspace_id);

create table guardrail_verdict (
  id uuid primary key,
  workspace_id uuid not null,
  guardrail_id uuid not null references guardrail on delete cascade,
  -- No foreign key: what was found is counted after its conversation is gone.
  turn_id uuid not null,
  place text not null check (place in ('input', 'output', 'tool_results')),
  -- The pass of the turn; 0 for what a person wrote.
  step int not null,
  -- passed only of a judge, which need not be asked again after an interruption.
  outcome text not null check (outcome in ('blocked', 'redacted', 'warned', 'passed', 'failed')),
  -- What kind of thing was found and how often; never the thing.
  found text not null,
  created_at timestamptz(3) not null default now()
);
create index guardrail_verdict_guardrail on guardrail_verdict (guardrail_id, created_at desc);
create index guardrail_verdict_turn on guardrail_verdict (turn_id);

-- Ids of those that hold wherever this version answers.
alter table agent_version add column guardrails jsonb not null default '[]';

insert into policy (id, name, resource, action) values
  ('00000000-0000-7000-8000-000000002801', 'guardrail:*', 'guardrail', '*'),
  ('00000000-0000-7000-8000-000000002802', 'guardrail:read', 'guardrail', 'read');

insert into role_policy (role_id, policy_id) values
  ('00000000-0000-7000-8000-000000000012', '00000000-0000-7000-8000-000000002801'),
  ('00000000-0000-7000-8000-000000000013', '00000000-0000-7000-8000-000000002802');
