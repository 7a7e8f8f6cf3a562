-- A long result may be kept a moment before its call is written down; both go with their turn.
alter table tool_result drop constraint tool_result_id_fkey;
