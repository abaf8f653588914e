#include "proto/reply.h"

const char *reply_word(enum reply_kind kind)
{
	switch (kind) {
	case REPLY_VALUE:
		return "VALUE";
	case REPLY_STAT:
		return "STAT";
	case REPLY_END:
		return "END";
	case REPLY_STORED:
		return "STORED";
	case REPLY_NOT_STORED:
		return "NOT_STORED";
	case REPLY_EXISTS:
		return "EXISTS";
	case REPLY_NOT_FOUND:
		return "NOT_FOUND";
	case REPLY_DELETED:
		return "DELETED";
	case REPLY_TOUCHED:
		return "TOUCHED";
	case REPLY_OK:
		return "OK";
	case REPLY_RESET:
		return "RESET";
	case REPLY_VERSION:
		return "VERSION";
	case REPLY_ERROR:
		return "ERROR";
	case REPLY_CLIENT_ERROR:
		return "CLIENT_ERROR";
	case REPLY_SERVER_ERROR:
		return "SERVER_ERROR";
	case REPLY_LINE:
	case REPLY_NUMBER:
	case REPLY_NONE:
	case REPLY_LOST:
		break;
	}
	return "";
}

enum status reply_status(enum reply_kind kind)
{
	switch (kind) {
	case REPLY_NOT_STORED:
	case REPLY_EXISTS:
	case REPLY_NOT_FOUND:
		return STATUS_NEGATIVE;
	case REPLY_ERROR:
	case REPLY_CLIENT_ERROR:
	case REPLY_SERVER_ERROR:
		return STATUS_SERVER;
	case REPLY_LOST:
		return STATUS_LOST;
	default:
		return STATUS_OK;
	}
}
