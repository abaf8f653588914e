#!/usr/bin/env expect
# What is pasted, and what spans several lines, is taken as if it had been typed with care.
source [file join $env(top_srcdir) tests/expect/session.tcl]
start_server

set more "...> "

session {a paste of several lines} {
	start
	keys "set a 1\rset b 2\rget a b\r"
	row_is {each line is run, the last one too} {b  "2"  (1 byte)}
	prompt_comes
	is {the first} 1 [stored a]
	is {the second} 2 [stored b]
}

session {a paste in brackets} {
	start
	keys "\x1b\[200~set c 3\rset d 4\x1b\[201~"
	must {the second line} {[typed_line] eq "set d 4|"}
	is {a line that ended within the brackets was run} 3 [stored c]
	is {one that did not waits for Enter} "(none)" [stored d]
	keys "4\r"
	prompt_comes
	is {and is still edited} 44 [stored d]
	keys "\x1b\[200~set e a\tb\x1b\[201~"
	must {the paste} {[string match "*b" [screen::row $screen::y]]}
	ok {a tab in a paste completes nothing and lists nothing} \
		[expr {[string first "append" [join [rows_since_mark] "\n"]] < 0}]
	keys "\x15"
	line_is {and the line can be dropped} "|"
}

session {a value over several lines} {
	start
	keys "set poem 'one"
	line_is {the first line} "set poem 'one|"
	keys "\r"
	prompt_comes "'$more"
	keys "two\r"
	prompt_comes "'$more"
	keys "three'\r"
	prompt_comes
	is {a quote holds the line feeds} "one\ntwo\nthree" [stored poem]
	answers {and the value is shown by its lines} "get poem" \
		{{<text, 3 lines, 13 bytes>} {  one} {  two} {  three}}
	keys "set joined one\\\r"
	prompt_comes $more
	keys "two\r"
	prompt_comes
	is {a backslash at the end of a line joins it to the next} "onetwo" [stored joined]
}

session {a paste of the protocol} {
	start
	keys "set keep 1\r"
	prompt_comes
	keys "\x1b\[200~set foo 0 0 9\r\nflush_all\r\nget keep\r\n\x1b\[201~"
	screen_has {the data is named} {9 bytes passed over, the data of the "set"}
	row_is {and what comes after it is run} {"1"  (1 byte)}
	prompt_comes
	is {the data was not run} 1 [stored keep]
	keys "set foo 0 0 14\rabc\r\rflush_all\rget keep\r"
	screen_has {data with a CR LF, in a paste without brackets} {14 bytes passed over}
	prompt_comes
	is {was not run either} 1 [stored keep]
	keys "set foo 0 0 9\r"
	prompt_comes
	answers {what is typed later is a command} "get keep" {{"1"  (1 byte)}}
}

session {a paste of the protocol, without the editor} {
	start --no-edit
	keys "set keep 1\rset foo 0 0 9\rflush_all\rget keep\r"
	screen_has {the data is named} {9 bytes passed over, the data of the "set"}
	screen_has {and what comes after it is run} {"1"  (1 byte)}
	prompt_comes
	is {the data was not run} 1 [stored keep]
}

session {a way out of an open quote} {
	start
	keys "set quoted 'x\r"
	prompt_comes "'...> "
	foreach word {help quit ""} {
		mark
		keys "$word\r"
		screen_has "'$word' shows it" "the quote ' is open"
		prompt_comes "'...> "
	}
	keys "'\r"
	prompt_comes
	is {which does not change the value} "x\nhelp\nquit\n\n" [stored quoted]
	keys "set quoted \"x\r"
	prompt_comes "\"...> "
	keys "help\r"
	screen_has {each quote by its name} "the quote \" is open"
	prompt_comes "\"...> "
	keys "\x03"
	prompt_comes
	is {Ctrl-C gives the command up} "x\nhelp\nquit\n\n" [stored quoted]
	mark
	keys "\x1b\[200~set quoted 'a\r\rhelp\r\rb'\r\x1b\[201~"
	row_is {a paste is left alone} STORED
	prompt_comes
	is {and stored} "a\n\nhelp\n\nb" [stored quoted]
	ok {without a note} [expr {[string first "note:" [join [rows_since_mark] "\n"]] < 0}]
}

session {Ctrl-D in a continuation} {
	start
	keys "set open 'x\r"
	prompt_comes "'$more"
	keys "\x04"
	screen_has {it ends the command, which is not whole} "a quote is open at the end"
	prompt_comes
	is {and nothing was stored} "(none)" [stored open]
}

done_testing
