-- Trees: forks, temporary conversations, settings of a conversation.

-- Where a fork was copied from. Without foreign keys: that it is a fork stays true when its origin is gone.
alter table conversation add column forked_from_conversation_id uuid, add column forked_from_message_id uuid;
