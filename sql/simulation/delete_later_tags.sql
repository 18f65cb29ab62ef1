-- Takes out the tags from $since on: nobody has written them yet.
-- params: $since
delete from tags
where tags.tagged_at >= $since
