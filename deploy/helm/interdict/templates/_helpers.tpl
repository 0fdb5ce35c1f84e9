{{/* The image, by its digest where one is given. */}}
{{- define "interdict.image" -}}
{{- with .Values.image }}{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}{{ end }}
{{- end }}

{{/* Files beside the secrets of each role: the broker's CA, and the policy. */}}
{{- define "interdict.files" -}}
{{- with .Values.kafka.caSecret }}
- secret: {name: {{ . }}, items: [{key: ca.crt, path: ca.crt}]}
{{- end }}
{{- if .Values.policy }}
- configMap: {name: interdict-policy, items: [{key: policy.toml, path: policy.toml}]}
{{- end }}
{{- end }}
