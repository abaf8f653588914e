#!/usr/bin/env expect
# mcsh.exp, the package for expect.
source [file join $env(top_srcdir) tests/expect/session.tcl]
lappend auto_path [file join $env(top_srcdir) src/tcl]
start_server

set bytes ""
for {set i 0} {$i < 256} {incr i} {
	append bytes [format %c $i]
}

# What a script raises: the code behind MCSH, and the words.
proc raises {name code pattern script} {
	set got [catch {uplevel 1 $script} why details]
	if {$got != 1} {
		ok "$name: nothing was raised" 0
		return
	}
	is $name [list MCSH {*}$code] [dict get $details -errorcode]
	if {![ok "$name: its words" [string match $pattern $why]]} {
		comment [visible $why]
	}
}

proc program {name text} {
	global work
	set file [open $work/$name w 0755]
	puts $file "#!/bin/sh\n$text"
	close $file
	return $work/$name
}

session {the package} {
	is {it is found} 1.0 [package require mcsh]
	set mcsh::program $env(MCSH)
	set cache [mcsh::spawn $socket]

	is {cmd tells all of a reply} {status 0 word ok lines STORED rows STORED errors {}} \
		[mcsh::cmd $cache set foo bar]
	is {of several lines} "status 1 word negative lines {{foo\tbar}} rows {{foo bar}} errors {}" \
		[mcsh::cmd $cache {get foo nope}]
	set reply [mcsh::cmd $cache fet foo]
	is {of an error} {2 usage 1} \
		[list [dict get $reply status] [dict get $reply word] [llength [dict get $reply errors]]]
	ok {and its words} [string match {unknown command "fet": *} [lindex [dict get $reply errors] 0]]
	mcsh::cmd $cache set lines [mcsh::quote "a\tb\nc"]
	is {lines are as they came} "{lines\ta\\tb\\nc} {foo\tbar}" \
		[dict get [mcsh::cmd $cache get lines foo] lines]
	is {rows are what they mean} [list [list lines "a\tb\nc"] {foo bar}] \
		[dict get [mcsh::cmd $cache get lines foo] rows]
	is {a status may be a word} bar [dict get [mcsh::cmd $cache -status ok get foo] lines]
	is {or one of several} {} [dict get [mcsh::cmd $cache -status {0 1} get nope] lines]
	is {further lines of an error are part of it} "{expected other output: - expected, + got\n- baz\n+ bar}" \
		[dict get [mcsh::cmd $cache get foo; mcsh::cmd $cache .expect baz] errors]
	raises {a status that was not to be} {STATUS 1 negative} \
		{get nope: expected status 0, got 1 negative} {mcsh::cmd $cache -status 0 get nope}
	raises {one with an error} {STATUS 3 server} \
		{incr foo: expected status ok, got 3 server: incr foo: CLIENT_ERROR *} \
		{mcsh::cmd $cache -status ok incr foo}

	is {get} bar [mcsh::get $cache foo]
	raises {get of what is not there} {MISS nope} {get "nope": there is no such key} \
		{mcsh::get $cache nope}
	is {with a default} {} [mcsh::get $cache -default "" nope]
	mcsh::cmd $cache {set empty ""}
	is {an empty value is there} {} [mcsh::get $cache -default none empty]
	raises {get of what is no key} {STATUS 2 usage} {get "a b": expected status 0, *blank*} \
		{mcsh::get $cache -default none "a b"}
	mcsh::cmd $cache set -- -default dash
	is {a key may look like an option} dash [mcsh::get $cache -- -default]

	set many [string repeat $bytes 300]
	mcsh::cmd $cache -status 0 set bytes [mcsh::quote $many]
	ok {every byte goes} [expr {[stored bytes] eq $many}]
	ok {and comes back} [expr {[mcsh::get $cache bytes] eq $many}]
	is {a prompt in a value} "x\r\nmcsh>\r\n= 0 ok" [
		mcsh::cmd $cache set prompt [mcsh::quote "x\r\nmcsh>\r\n= 0 ok"]
		mcsh::get $cache prompt
	]
	is {quote} {"a\x20b\\\"\x00"} [string map {{ } {\x20}} [mcsh::quote "a b\\\"\x00"]]
	raises {a control byte in a command} USAGE {a command is one line: *} \
		{mcsh::cmd $cache "get a\nget b"}
	raises {text in a shell for bytes} USAGE {a command is bytes: *} \
		{mcsh::cmd $cache "get \u20ac"}
	raises {an option that is none} USAGE {usage: mcsh::cmd *} {mcsh::cmd $cache -tiemout 3 version}
	raises {a time-out that is none} USAGE {-timeout takes whole seconds, *} \
		{mcsh::cmd $cache -timeout 0.5 version}
	is {an open quote is given up} {2 usage} \
		[lrange [dict values [mcsh::cmd $cache {set foo "ba}]] 0 1]
	is {and what comes next is answered} bar [mcsh::get $cache foo]

	is {expect_reply returns the reply} bar [
		dict get [mcsh::expect_reply $cache {get foo} bar] lines]
	mcsh::expect_reply $cache -status negative {get nope}
	reached {no line is expected where none is named}
	mcsh::expect_reply $cache -match glob {get foo lines} foo* lines*
	mcsh::expect_reply $cache -match regexp version {^\d+\.\d+}
	reached {patterns}
	raises {another line} MISMATCH {get foo: expected "baz", got "bar"} \
		{mcsh::expect_reply $cache {get foo} baz}
	raises {a line too many} MISMATCH {get foo: expected no line, got "bar"} \
		{mcsh::expect_reply $cache {get foo}}
	raises {a line too few} MISMATCH {get nope: expected "bar", got no line} \
		{mcsh::expect_reply $cache -status 1 {get nope} bar}
	raises {a pattern is one only where asked for} MISMATCH {get foo: expected "b\*", got "bar"} \
		{mcsh::expect_reply $cache {get foo} b*}
	raises {another status} {STATUS 1 negative} {get nope: expected status 0, *} \
		{mcsh::expect_reply $cache {get nope}}

	is {quit returns the exit status} 5 [mcsh::quit $cache]
	raises {what was left is gone} HANDLE {there is no shell "mcsh1": *} {mcsh::cmd $cache version}
}

session {what is shown} {
	set file [open $work/script w]
	puts $file "lappend auto_path $auto_path
		package require mcsh
		set cache \[mcsh::spawn -program [list $env(MCSH)] $socket]
		mcsh::cmd \$cache set foo bar
		mcsh::cmd \$cache .auth user secret
		log_user 0
		mcsh::get \$cache foo
		mcsh::quit \$cache"
	close $file
	set shown [string map {\r ""} [exec expect $work/script]]
	is {the conversation, without a password} [join {
		{mcsh expect 1} mcsh> {set foo bar} {| STORED} {= 0 ok} mcsh> {.auth ***} {= 0 ok} mcsh>
	} "\n"] $shown
}

session {several shells} {
	set a [mcsh::spawn --key-prefix=a: $socket]
	set b [mcsh::spawn -encoding utf-8 -timeout 20 -- --key-prefix=b: $socket]
	mcsh::cmd $a set k 1
	mcsh::cmd $b set k [mcsh::quote "gr\u00fc\u00dfe \u20ac \u202e"]
	is {are shells of their own} 1 [mcsh::get $a k]
	is {one of them for text} "gr\u00fc\u00dfe \u20ac \u202e" [mcsh::get $b k]
	is {whose bytes are UTF-8} [utf8 "gr\u00fc\u00dfe \u20ac \u202e"] [stored b:k]
	is {in its lines too} "gr\u00fc\u00dfe" [dict get [mcsh::cmd $b ".echo gr\u00fc\u00dfe"] lines]
	is {the first} 0 [mcsh::quit $a]
	is {the other} "gr\u00fc\u00dfe \u20ac \u202e" [mcsh::get $b k]
	is {the second} 0 [mcsh::quit $b]
}

session {time-outs} {
	set cache [mcsh::spawn --timeout=1h $socket]
	mcsh::cmd $cache set foo bar
	freeze $server
	raises {cmd} TIMEOUT {mcsh did not answer in time} {mcsh::cmd $cache -timeout 1 get foo}
	thaw $server
	is {the late reply is not taken for the next} {1 2 3} \
		[lindex [dict get [mcsh::cmd $cache .echo 1 2 3] rows] 0 0]
	is {and the shell goes on} bar [mcsh::get $cache foo]
	freeze $server
	raises {get} TIMEOUT * {mcsh::get $cache -timeout 1 foo}
	raises {expect_reply} TIMEOUT * {mcsh::expect_reply $cache -timeout 1 {get foo} bar}
	thaw $server
	is {quit is not late} 4 [mcsh::quit $cache]

	raises {spawn} TIMEOUT * {mcsh::spawn -timeout 1 -program [program mute "exec cat"]}
	set deaf [program deaf {printf 'mcsh expect 1\nmcsh>\n'; exec cat >/dev/null}]
	set shell [mcsh::spawn -timeout 1 -program $deaf]
	raises {quit} TIMEOUT * {mcsh::quit $shell}
	raises {which is the end all the same} HANDLE * {mcsh::quit $shell}
}

session {ends} {
	raises {no such program} SPAWN {cannot start *none: couldn't execute *} \
		{mcsh::spawn -program $work/none}
	raises {no such encoding} USAGE {there is no encoding "klingon"} {mcsh::spawn -encoding klingon}
	raises {no such option} {EOF 2} \
		{mcsh has ended with status 2: mcsh: unknown option --foo: see mcsh --help} \
		{mcsh::spawn --foo}
	raises {another grammar} VERSION {* does not speak version 1 *} \
		{mcsh::spawn -program [program later {printf 'mcsh expect 2\nmcsh>\n'; exec cat}]}
	set cache [mcsh::spawn -- -e $socket]
	raises {a shell that stops at an error} {EOF 1} {mcsh has ended with status 1: = 1 negative} \
		{mcsh::cmd $cache get nope}
	raises {is gone} HANDLE * {mcsh::get $cache foo}
	set cache [mcsh::spawn $socket]
	exec kill -TERM [dict get $mcsh::shells($cache) pid]
	# The terminal that mcsh puts back may echo what comes then.
	raises {one that is killed} {EOF SIGTERM} {mcsh has ended with status SIGTERM*} \
		{mcsh::cmd $cache version}
}

done_testing
