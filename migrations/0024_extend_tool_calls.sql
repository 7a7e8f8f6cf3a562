-- "Always" holds for a tool in a conversation, or for one person wherever an agent answers them: what one of an agent's users allows binds no other.
alter table tool_permission drop constraint tool_permission_pkey;
alter table tool_permission add column id uuid;
update tool_permission set id = gen_random_uuid();
alter table tool_permission alter column id set not null, add primary key (id);
alter table tool_permission alter column conversation_id drop not null;
alter table tool_permission add column agent_id uuid;
alter table tool_permission add constraint tool_permission_place check (num_nonnulls(conversation_id, agent_id) = 1);
create unique index tool_permission_conversation on tool_permission (conversation_id, tool_name) where conversation_id is not null;
create unique index tool_permission_agent on tool_permission (workspace_id, agent_id, decided_by, tool_name) where agent_id is not null;

-- A person may cancel one call while its turn goes on.
alter table tool_call drop constraint tool_call_state_check;
alter table tool_call add constraint tool_call_state_check
  check (state in ('asked', 'allowed', 'running', 'completed', 'failed', 'denied', 'cancelled', 'interrupted', 'client'));
alter table tool_call add column cancel_requested_at timestamptz;

-- Results of which the model and the message have only the beginning: the whole of them, to be read on. The id is the call's.
create table tool_result (
  id uuid primary key references tool_call on delete cascade,
  workspace_id uuid not null,
  turn_id uuid not null references turn on delete cascade,
  content text not null
);
create index tool_result_turn on tool_result (turn_id);
