#!/usr/bin/env expect
# A lesson is recorded at a prompt, in colours and with a narrow screen, and verified at once.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server
cd $work

proc verified {name file output} {
	is $name $output [exec $::env(MCSH) --verify $file 2>@1]
}

session {a lesson} {
	start -columns 60 -- $socket --timing=on --no-rc
	set file lesson
	answers {it tells where} ".record $file" [list "recording to $file"]
	answers {a comment} "# what a cache forgets" {}
	answer {set poem "roses are red\nviolets are blue" 90s}
	answer {gets poem nope}
	answer {.trace on}
	answer {get poem}
	answer {.trace off}
	answer {incr poem}
	answer {get poem | tr a-z A-Z}
	answer {.set confirm}
	# One that was not confirmed.
	keys "flush_all\r"
	prompt_comes "Type yes to go on: "
	keys "no\r"
	prompt_comes
	keys "set open 'a\r"
	prompt_comes "'...> "
	keys "b'\r"
	prompt_comes
	# Given up: it was no command.
	keys "get \x03"
	prompt_comes
	answer {.source /dev/null}
	answers {and that it ended} ".record off" \
		{{recorded: mcsh --verify lesson plays it again}}
	answer {get poem}
	leave
	set in [open $file rb]
	set text [read $in]
	close $in
	is {the first line} "# mcsh transcript 1 format=pretty timing=on prompt=on columns=60 utf8=on" \
		[lindex [split $text "\n"] 0]
	is {no colours} -1 [string first "\x1b" $text]
	is {a question that was answered no} -1 [string first flush_all $text]
	ok {the error is one line} [regexp -line {^mcsh: incr poem: CLIENT_ERROR .* serialised$} $text]
	ok {lines that go on} [string match "*\nmcsh> set open 'a\n...> b'\nSTORED *" $text]
	ok {the trace is as it was} [string match "*\n> get poem\\\\r\\\\n\n< VALUE poem*" $text]
	is {nothing behind the end} "mcsh> .source /dev/null\n" [string range $text end-23 end]
	verified {it verifies} $file "1 transcript, 10 commands: all as recorded"
}

done_testing
