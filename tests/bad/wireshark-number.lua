-- expect: completeness is 31; in Wireshark's words it must be "Complete, WITH_DATA (31)"
scenario { title = "t", wireshark = { completeness = 31 } }
