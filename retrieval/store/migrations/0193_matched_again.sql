comment on column demand.matched_to is 'documents that went live up to then were compared with it; null: none yet; -infinity: all are to be compared again, since it was vetted or published';
