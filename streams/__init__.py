"""Kafka to rows: transport, decode, direct, fold, and the commands around them."""
