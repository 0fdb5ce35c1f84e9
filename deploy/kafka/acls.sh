#!/bin/sh
# Written by `interdict topics rights`. Give it the options that name the broker:
# --bootstrap-server HOST:PORT --command-config FILE
set -eu
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Read --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Read --operation DescribeConfigs --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Read --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Read --operation Write --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Read --operation Write --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Write --topic screening.dead-letters
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Write --topic screening.audit
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Write --topic screening.shadow
kafka-acls.sh "$@" --add --allow-principal User:interdict-worker --operation Read --group interdict
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --operation Write --topic designations.history
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --operation Write --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Write --topic screening.audit
kafka-acls.sh "$@" --add --allow-principal User:interdict-lookback --operation Read --group interdict.lookback --resource-pattern-type prefixed
kafka-acls.sh "$@" --add --allow-principal User:interdict-publisher --operation Read --operation Write --operation DescribeConfigs --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-publisher --operation Write --transactional-id interdict.lists.designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-payments --operation Read --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-payments --operation Write --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-payments --operation Read --group interdict-payments --resource-pattern-type prefixed
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Read --operation DescribeConfigs --topic customers
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Read --operation DescribeConfigs --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Read --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Read --operation Write --operation DescribeConfigs --topic screening.customer-alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Read --operation Write --operation DescribeConfigs --topic screening.customer-proofs
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Write --topic screening.dead-letters
kafka-acls.sh "$@" --add --allow-principal User:interdict-customers --operation Read --group interdict.customers
kafka-acls.sh "$@" --add --allow-principal User:interdict-onboarding --operation Write --topic customers
kafka-acls.sh "$@" --add --allow-principal User:interdict-cases --operation Read --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-cases --operation Read --topic screening.customer-alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-cases --operation Read --topic screening.suggestions
kafka-acls.sh "$@" --add --allow-principal User:interdict-cases --operation Write --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-cases --operation Read --group interdict-cases --resource-pattern-type prefixed
kafka-acls.sh "$@" --add --allow-principal User:interdict-console --operation Read --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-console --operation Read --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-console --operation Read --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-console --operation Read --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-console --operation Read --operation Write --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-serve --operation Read --operation DescribeConfigs --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-serve --operation Read --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-serve --operation Read --operation Write --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-serve --operation Write --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-serve --operation Write --topic screening.audit
kafka-acls.sh "$@" --add --allow-principal User:interdict-export --operation Read --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-export --operation Read --group interdict-export --resource-pattern-type prefixed
kafka-acls.sh "$@" --add --allow-principal User:interdict-suggest --operation Read --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-suggest --operation Read --operation DescribeConfigs --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-suggest --operation Read --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-suggest --operation Read --operation Write --topic screening.suggestions
kafka-acls.sh "$@" --add --allow-principal User:interdict-suggest --operation Read --group interdict.suggestions
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic designations.history
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic screening.dead-letters
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic screening.audit
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic screening.customer-alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Read --topic screening.customer-proofs
kafka-acls.sh "$@" --add --allow-principal User:interdict-auditor --operation Describe --group interdict
kafka-acls.sh "$@" --add --allow-principal User:interdict-recheck --operation Read --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-recheck --operation Read --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-recheck --operation Read --operation Write --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-recheck --operation Read --operation Write --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-recheck --operation Read --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-recheck --operation Write --topic screening.audit
kafka-acls.sh "$@" --add --allow-principal User:interdict-dead-letters --operation Read --operation Write --topic screening.dead-letters
kafka-acls.sh "$@" --add --allow-principal User:interdict-dead-letters --operation Read --operation Write --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-dead-letters --operation Write --transactional-id interdict.dead-letters
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Read --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Read --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Read --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Read --operation Write --operation DescribeConfigs --topic screening.stops
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Write --topic payments.released
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Write --topic payments.stopped
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Write --topic screening.answers
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Read --group interdict.answers
kafka-acls.sh "$@" --add --allow-principal User:interdict-answers --operation Write --transactional-id interdict.answers
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic payments
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic designations
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic designations.history
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.decisions
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.dead-letters
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.dispositions
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.shadow
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.audit
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic customers
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.customer-alerts
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.customer-proofs
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.suggestions
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic payments.released
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic payments.stopped
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.answers
kafka-acls.sh "$@" --add --allow-principal User:interdict-operator --operation Create --operation DescribeConfigs --topic screening.stops
