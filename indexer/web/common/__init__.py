"""What several pages share: what is asked, the audit, findings in words, posts laid out, lists as files, changing."""
