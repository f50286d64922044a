"""Keep the posts of many libraries in one index on a cluster of OpenSearch."""
