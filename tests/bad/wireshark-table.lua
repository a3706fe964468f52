-- expect: scenario: wireshark takes a table of options, not 31
scenario { title = "t", wireshark = 31 }
