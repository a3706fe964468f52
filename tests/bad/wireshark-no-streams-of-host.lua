-- expect: completeness: client is an empty list
scenario { title = "t", wireshark = { completeness = { client = {} } } }
