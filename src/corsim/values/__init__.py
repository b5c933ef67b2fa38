"""What things are: origins, URLs, headers, requests, responses, decisions. No flow."""
