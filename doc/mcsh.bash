# Completion of mcsh's command line, for bash. It needs nothing but bash itself.

# Sets COMPREPLY to the words of $1 that begin with $2.
_mcsh_words()
{
	local IFS=$' \t\n'
	COMPREPLY=($(compgen -W "$1" -- "$2"))
}

# Sets COMPREPLY to the files that begin with $1.
_mcsh_files()
{
	local IFS=$'\n'
	compopt -o filenames 2>/dev/null
	COMPREPLY=($(compgen -f -- "$1"))
}

# The clusters that mcshrc names first in a line.
_mcsh_clusters()
{
	sed -nE 's/^[[:blank:]]*\.cluster[[:blank:]]+([[:alnum:]][[:alnum:]_.-]*)[[:blank:]]+=.*/@\1/p' \
		"${XDG_CONFIG_HOME:-$HOME/.config}/mcsh/mcshrc" 2>/dev/null
}

# The values of option $1 that begin with $2. Fails when the option takes no value.
_mcsh_value()
{
	case $1 in
	--format)
		_mcsh_words 'pretty plain raw json csv wire' "$2"
		;;
	--protocol)
		_mcsh_words 'auto classic meta binary' "$2"
		;;
	--trace)
		_mcsh_words 'on hex explain off' "$2"
		;;
	--timing)
		_mcsh_words 'on full off' "$2"
		;;
	-f | --password-file | --servers-file | --tls-ca | --tls-cert | --tls-key | --trace-file)
		_mcsh_files "$2"
		;;
	# Names of which mcsh has a list, too, are left to it: a second one would not stay the same.
	-c | --connect-timeout | --dead-retry | --distribution | --key-prefix | --profile | \
		--sandbox | --timeout | --tls-name | --user | --wait)
		COMPREPLY=()
		;;
	*)
		return 1
		;;
	esac
}

_mcsh()
{
	local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
	COMPREPLY=()

	# Where "=" breaks words, --format=j arrives as three of them: "--format" "=" "j".
	if [[ $word == = && $previous == --* ]]; then
		_mcsh_value "$previous" ''
		return
	fi
	if [[ $previous == = && $COMP_CWORD -ge 2 ]]; then
		_mcsh_value "${COMP_WORDS[COMP_CWORD - 2]}" "$word"
		return
	fi
	# Where it does not, the whole is one word, and so must the answers be.
	if [[ $word == --*=* ]]; then
		_mcsh_value "${word%%=*}" "${word#*=}"
		COMPREPLY=("${COMPREPLY[@]/#/${word%%=*}=}")
		return
	fi

	# A value that is optional is never a word of its own.
	case $previous in
	--sandbox | --timing | --trace) ;;
	*)
		_mcsh_value "$previous" "$word" && return
		;;
	esac

	case $word in
	-*)
		_mcsh_words '-c -e -f --connect-timeout --dead-retry --distribution --expect --format --help --insecure
			--key-prefix --no-color --no-edit --no-rc --password-file --profile --protocol --readonly --sandbox --servers-file
			--timeout --timing --tls --tls-ca --tls-cert --tls-key --tls-name --trace --trace-file --update --user --verify --version --wait' "$word"
		;;
	/* | ./* | ../*)
		_mcsh_files "$word"
		;;
	@*)
		_mcsh_words "$(_mcsh_clusters)" "$word"
		;;
	*)
		if [[ " ${COMP_WORDS[*]:0:COMP_CWORD} " == *' --verify '* ]]; then
			_mcsh_files "$word"
			return
		fi
		COMPREPLY=($(compgen -A hostname -- "$word"))
		;;
	esac
}

complete -F _mcsh mcsh
