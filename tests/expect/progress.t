#!/usr/bin/env expect
# .dump and .load at a prompt: a line that says how far they are and is gone at the end, and Ctrl-C.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

# More than a pipe and mcsh's own memory hold.
set file [open $work/items.tsv w]
for {set i 0} {$i < 1500} {incr i} {
	puts $file "key-[format %04d $i]\t[string repeat x 1000]"
}
close $file
plain -c ".load $work/items.tsv"

session {a dump into a pipe that nobody reads} {
	global work
	exec mkfifo $work/pipe
	start
	set row $screen::y
	keys ".dump $work/pipe\r"
	set pipe [open $work/pipe r]
	fconfigure $pipe -translation binary -encoding binary
	screen_has {a bar} {[}
	screen_has {tells the items of all} { of 1,500 items, }
	screen_has {and the rate} { a second}
	set text [read $pipe]
	close $pipe
	prompt_comes
	is {all of them come in the end} 1501 [llength [split [string trimright $text "\n"] "\n"]]
	set rows [join [rows_from $row] "\n"]
	ok {then the line is gone} [expr {[string first " of 1,500 items" $rows] < 0}]
	ok {and there is a report} [regexp {1,500 items, 1\.4 MiB, in } $rows]
}

session {Ctrl-C in a dump} {
	global work
	start
	keys ".dump $work/pipe\r"
	set pipe [open $work/pipe r]
	screen_has {it has begun} { of 1,500 items, }
	keys "\x03"
	prompt_comes_after_interrupt
	close $pipe
	set text [join [rows_from 0] " "]
	ok {says how far it came} [regexp {mcsh: interrupted after \d+ items: what was dumped by then is written} $text]
	ok {the line is gone, and ^C with it} [expr {![regexp { of 1,500 items|\^C} $text]}]
	answers {the shell goes on} "set foo bar" {STORED}
}

session {Ctrl-C before anybody reads} {
	global work
	start
	keys ".dump $work/pipe\r"
	must_wait_for_server
	keys "\x03"
	prompt_comes
	reached {the shell is there again}
}

session {Ctrl-C in a load} {
	global work
	start
	keys ".load --as tsv $work/pipe\r"
	set pipe [open $work/pipe w]
	# Once a pipe has taken more than it holds, mcsh has read the most of it.
	for {set i 0} {$i < 4000} {incr i} {
		puts $pipe "key-$i\t[string repeat x 100]"
	}
	flush $pipe
	must_wait_for_server
	keys "\x03"
	prompt_comes_after_interrupt
	catch {close $pipe}
	set text [join [rows_from 0] " "]
	ok {says how far it came} \
		[regexp {mcsh: interrupted at line \d+ of \S*, after [1-9]\d* items} $text]
	is {what came first is stored} [string repeat x 100] [stored key-0]
}

done_testing
