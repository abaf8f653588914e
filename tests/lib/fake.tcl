# The fake server of tests/lib/fake_server.py for programs in Tcl, beside session.tcl: for what no real
# memcached can be brought to do.
#
#	start_fake STEPS         starts one that follows STEPS, which fake_server.py lists; its address
#	                         is $fake
#	fake_followed NAME       waits for its end; one check: all went as the steps say

set fake ""
set fake_serial 0

proc start_fake {steps} {
	global env work servers fake fake_serial fake_ask fake_ready
	set directory $work/fake
	if {[incr fake_serial] == 1} {
		file mkdir $directory
		exec mkfifo $directory/ask $directory/ready
		set fake_ask [open $directory/ask r+]
		set fake_ready [open $directory/ready r+]
		lappend servers [exec /usr/bin/python3 -I -S \
			[file join $env(top_srcdir) tests/lib/fake_server.py] $directory \
			</dev/null 2>$directory/log &]
		gets $fake_ready
	}
	set file [open $directory/$fake_serial.steps w]
	puts -nonewline $file $steps
	close $file
	puts $fake_ask $fake_serial
	flush $fake_ask
	set fake [gets $fake_ready]
}

proc fake_followed {name} {
	global work fake_serial
	set place $work/fake/$fake_serial
	set file [open $place.status r+]
	set status [gets $file]
	close $file
	if {![ok $name [expr {$status eq "0"}]]} {
		comment [exec cat $place.log]
	}
}
