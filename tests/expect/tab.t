#!/usr/bin/env expect
# Tab completes what is known without asking a server.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

# TEXT, then Tab, becomes RESULT.
proc completes {name text result} {
	keys "\x15$text"
	line_is "$name: $text" "$text|"
	keys "\t"
	line_is "$name: $result" "$result|"
}

# TEXT, then Tab, lists ROWS and shows the line again.
proc lists {name text rows} {
	keys "\x15$text"
	line_is "$name: $text" "$text|"
	mark
	keys "\t"
	if {![wait_until {$screen::y > $::mark && [typed_line] eq "$text|"}]} {
		error "$name: the line did not come again"
	}
	is $name $rows [lrange [rows_since_mark] 1 end-1]
}

session {a frozen server} {
	start
	answer "set user:1 x"
	answer "set user:2 x"
	answer "get {user:3}"
	answer "set unrelated x"
	freeze $server

	completes {a command} "appe" "append "
	completes {the longest common part of several} "pre" "prepend "
	completes {a dot word} ".disc" ".disconnect "
	lists {dot words} ".t" {{.timing  .trace}}
	completes {the value of a dot word} ".format pl" ".format plain "
	lists {its values} ".trace " {{hex  off  on}}
	completes {a setting} ".set connect" ".set connect_timeout "
	completes {a choice} ".set format j" ".set format json "
	lists {on and off} ".set confirm o" {{off  on}}
	completes {an argument of stats} "stats ite" "stats items "
	completes {the common part of the keys} "get us" "get user:"
	lists {the keys of this session} "get user:" {{user:1  user:2}}
	completes {one key} "delete unr" "delete unrelated "
	completes {a second key} "get unrelated unr" "get unrelated unrelated "
	completes {a file} ".source $work/s" ".source $work/s"
	completes {a command within a command} ".repeat 10 appe" ".repeat 10 append "
	completes {in a command within a command} ".repeat 10 get unr" ".repeat 10 get unrelated "
	completes {a topic of help} ".help flu" ".help flush_all "

	keys "\x15xyzzy\t"
	must {the bell} {[string first "\x07" $raw] >= 0}
	line_is {where nothing fits there is a bell, and no change} "xyzzy|"

	keys "\x15gt unrelated\x01\x1b\[C\t"
	line_is {a word that is no beginning is left alone in a line's midst} "g|t unrelated"
	keys "\x15pr unrelated\x01\x1b\[C\x1b\[C\t"
	line_is {the word before the cursor is completed in a line's midst} "prepend |unrelated"
	keys "\x15"
	line_is {the line is dropped} "|"
	thaw $server
}

session {options} {
	start
	completes {an option} "set --no" "set --noreply "
	keys "o x"
	answers {that is one when the line is run} "" {{sent, no reply asked for}}
	is {the rest is the key and its value} x [stored o]
	completes {one that takes a value} "set --fi" "set --file "
}

session {a key of other letters} {
	start
	answer "set \"caf\\xc3\\xa9\" x"
	completes {the key} "get ca" "get [utf8 caf\u00e9] "
}

session {more candidates than rows} {
	start -rows 8 -columns 40
	mark
	keys "\t"
	screen_has {the rest is counted} "more)"
	must {the prompt} {$screen::y > $mark && [typed_line] eq "|"}
	ok {and the first row of the list can still be seen} \
		[expr {$screen::y - $mark < $screen::rows}]
}

done_testing
