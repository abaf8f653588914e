#!/usr/bin/env expect
# What is longer than the screen goes through $PAGER.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

set file [open $work/pager w]
puts $file "#!/bin/sh\necho paged\nexec cat"
close $file
file attributes $work/pager -permissions 0700

session {the pager} {
	start -env [list PAGER $work/pager]
	ok {has what is longer than the screen} [expr {[lindex [answer stats] 0] eq "paged"}]
	answers {and not what is shorter} "set a b" {STORED}
	answer ".set pager off"
	ok {nor anything when it is off} [expr {"paged" ni [answer stats]}]
	answer ".set pager on"
	ok {on again} [expr {[lindex [answer stats] 0] eq "paged"}]
	ok {a pipe is not paged} [expr {"paged" ni [answer "stats | cat"]}]
}

session {a pager that ends early} {
	start -env [list PAGER "head -n 2"]
	set rows [answer stats]
	is {shows what it wants} 2 [llength $rows]
	answers {and the session goes on} "get a" {{"b"  (1 byte)}}
}

session {a pager that is not there} {
	start -env [list PAGER $work/none]
	set rows [answer stats]
	answers {does not end the session} "get a" {{"b"  (1 byte)}}
	ok {and the output is shown all the same} [expr {[llength $rows] > 24}]
}

session {a pager that fails} {
	set file [open $work/fails w]
	puts $file "#!/bin/sh\nexit 3"
	close $file
	file attributes $work/fails -permissions 0700
	start -env [list PAGER $work/fails] -columns 160
	set rows [answer stats]
	is {is named} "mcsh: the pager \"$work/fails\" ended with status 3: its whole output follows; change \$PAGER or \$LESS, or .set pager off" \
		[lindex $rows 0]
	ok {and the output is shown all the same} [expr {[llength $rows] > 24}]
	ok {from its beginning} [expr {[lindex $rows 1] eq "Summary"}]
}

session {rows of the screen} {
	plain -c "set long [string repeat x 1000]"
	start -env [list PAGER $work/pager] -rows 10 -columns 80
	ok {a line that is wider than the screen takes several} \
		[expr {[lindex [answer "get long"] 0] eq "paged"}]
	plain -c "set long [string repeat x 300]"
	ok {four are not ten} [expr {"paged" ni [answer "get long"]}]
}

session {a terminal that cannot move the cursor} {
	start -env [list PAGER $work/pager TERM dumb]
	ok {is not paged} [expr {"paged" ni [answer stats]}]
}

session {Ctrl-C while a pager reads} {
	set file [open $work/waits w]
	puts $file "#!/bin/sh\ntrap 'echo stays' INT\necho paging\nread -r line </dev/tty\nexec cat >/dev/null"
	close $file
	file attributes $work/waits -permissions 0700
	start -env [list PAGER $work/waits]
	keys "stats\r"
	must {the pager} {"paging" in [rows_since_mark]}
	keys "\x03"
	must {the pager's own answer to Ctrl-C} {[lsearch [rows_since_mark] "*stays"] >= 0}
	keys "\r"
	prompt_comes
	reached {the pager ends when it likes}
}

done_testing
