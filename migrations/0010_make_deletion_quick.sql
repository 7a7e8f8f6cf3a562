-- Deleting a conversation for good deletes its messages, branches and turns. The database looks for what refers to each of them, so each reference needs
-- an index that begins with it; else every deleted message reads the whole table.
drop index message_parent;
create index message_parent on message (parent_id, conversation_id);
create index branch_parent on branch (parent_branch_id);
create index turn_conversation on turn (conversation_id) where conversation_id is not null;
-- Messages never go alone, so nothing can be left pointing at one; and this moves with every turn.
alter table conversation drop constraint if exists conversation_head_id_fkey;
create index conversation_deleted on conversation (deleted_at) where deleted_at is not null;
