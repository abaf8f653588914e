#!/usr/bin/env expect
# The trace and the times, as they show at a prompt.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

session {the trace} {
	start
	answers {is turned on} ".trace on" {{trace is on}}
	answers {of a set} "set foo bar" \
		[list {> set foo 0 0 3\r\n} {> bar\r\n} {< STORED\r\n} STORED]
	answers {of a get} "get foo" \
		[list {> get foo\r\n} {< VALUE foo 0 3\r\n} {< bar\r\n} {< END\r\n} {"bar"  (3 bytes)}]
	answers {of a miss} "get nothing" \
		[list {> get nothing\r\n} {< END\r\n} {(miss)  (nothing is not in the cache)}]
	answers {other bytes are escaped} "set bytes \"\\0\\e\[31m\\n\\xff\"" \
		[list {> set bytes 0 0 8\r\n} {> \0\e[31m\n} {> \xff\r\n} {< STORED\r\n} STORED]
	set got [join [answer "get \"b d\""] ""]
	ok {a line that is refused has none} [string match "mcsh: the key has a blank*" $got]
	answers {in hex} ".trace hex" {{trace is hex}}
	answers {with a dump of each line} "get foo" {
		{> get foo\r\n}
		{  00000000  67 65 74 20 66 6f 6f 0d  0a                       |get foo..|}
		{< VALUE foo 0 3\r\n}
		{  00000000  56 41 4c 55 45 20 66 6f  6f 20 30 20 33 0d 0a     |VALUE foo 0 3..|}
		{< bar\r\n}
		{  0000000f  62 61 72 0d 0a                                    |bar..|}
		{< END\r\n}
		{  00000014  45 4e 44 0d 0a                                    |END..|}
		{"bar"  (3 bytes)}
	}
	answers {to a file} ".set trace_file $work/trace" [list "trace_file is $work/trace"]
	answers {it is not on the screen} "get foo" {{"bar"  (3 bytes)}}
	ok {but there} [string match "*> get foo*< END*" [exec cat $work/trace]]
	answers {is turned off} ".trace off" {{trace is off}}
	answers {and gone} "get foo" {{"bar"  (3 bytes)}}
}

session {the times} {
	start --timing
	answer "set foo bar"
	set time {\d+\.\d\d\d ms|\d+\.\d+ s}
	ok {stand behind an answer} [regexp "^STORED  \\(($time)\\)\$" [lindex [answer "set foo bar"] 0]]
	set got [answer "get foo"]
	ok {and a value} [regexp "^\"bar\"  \\(3 bytes, ($time)\\)\$" [lindex $got 0]]
	answer ".timing full"
	set got [answer "get foo"]
	ok {in full a line of their own} [expr {[llength $got] == 2}]
	ok {with each part} [regexp {^[0-9.]+ m?s: send [0-9.]+, wait [0-9.]+, receive [0-9.]+$} \
		[lindex $got 1]]
	answer ".disconnect" "$socket (not connected)> "
	set got [answer "get foo"]
	ok {and connecting, where there was some} [regexp \
		{^[0-9.]+ m?s: connect [0-9.]+, send [0-9.]+, wait [0-9.]+, receive [0-9.]+$} \
		[lindex $got end]]
	answer ".timing off"
	answers {and not at all} "get foo" {{"bar"  (3 bytes)}}
}

# What is on the terminal but for mcsh's own prompt and colours: FORMAT's answer to COMMAND.
proc visible_part {bytes} {
	return [regsub -all {\x1b\[(?:\?2004[hl]|[0-9;]*[mGK])} $bytes ""]
}

proc bytes_of {command} {
	global raw
	set raw ""
	answer $command
	return [visible_part $raw]
}

proc harmless {bytes} {
	return [expr {![regexp {[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]|\x9b|\xe2\x80[\x8b-\x8f\xaa-\xae]} $bytes] &&
		![regexp {\r[^\n]} $bytes]}]
}

session {a value cannot drive the terminal} {
	start
	answers {a value that would} \
		"set evil \"\\e\[2J\\e\]0;title\\x07\\e\[31m\\r\\x08\\x7f\\xc2\\x9b31m\"" {STORED}
	answers {and one of no characters} "set worse \"\\x9b31mtitle\\x07\"" {STORED}
	foreach format {pretty plain json csv} {
		answer ".format $format"
		set bytes [bytes_of "get evil"]
		if {![ok "as $format" [harmless $bytes]]} {
			comment [visible $bytes]
		}
		if {$format ne "csv"} {
			ok "as $format it is there" [expr {[string first "title" $bytes] >= 0}]
		}
		if {![ok "as $format the other" [harmless [bytes_of "get worse"]]]} {
			comment [visible $raw]
		}
	}
	answer ".format pretty"
	answer ".trace on"
	set bytes [bytes_of "get evil worse"]
	ok {in a trace} [harmless $bytes]
	ok {it is there} [expr {[string first "title" $bytes] >= 0}]
}

# Before the first prompt too: the greeting, the prompt, and what .set says of itself.
session {a server and a setting cannot drive the terminal} {
	set name "$work/x\033\[2J\u009b31m\u202e\u200by"
	set shown "$work/x\\e\[2J\\xc2\\x9b31m\\xe2\\x80\\xae\\xe2\\x80\\x8by"
	exec ln -s $socket $name
	start -columns 200 -expect "$shown> " -- $name
	ok {the greeting names it} [string match "* at [string map {\\ \\\\ \[ \\\[} $shown]." [screen::row 0]]
	ok {the greeting and the prompt} [harmless [visible_part $raw]]
	answers {a setting is changed} ".set key_prefix \"\\xc2\\x9b31m\\xe2\\x80\\xae\"" \
		[list {key_prefix is \xc2\x9b31m\xe2\x80\xae}]
	answer ".set trace_file \"\\e\[2J\""
	foreach command {.set .servers {.connect "/none/\e[2J"} {.where a}} {
		ok "$command" [harmless [bytes_of $command]]
	}
}

done_testing
