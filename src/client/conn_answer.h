/*
 * Whose answer is what comes: each reply is handed to the head of the queue, and what does not fit
 * it ends the connection.
 */
#ifndef CLIENT_CONN_ANSWER_H
#define CLIENT_CONN_ANSWER_H

#include "client/conn_queue.h"

/* Reads what has come, and hands over every reply in it that is whole. */
void conn_receive(struct conn *c);

/* Hands over every reply that has come whole. False when the connection was lost. */
bool conn_take_replies(struct conn *c);

/* The head's answer ends with the connection, if it is of that kind. */
bool conn_end_by_closing(struct conn *c);

#endif
