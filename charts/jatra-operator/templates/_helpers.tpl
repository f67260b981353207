{{- define "jatra-operator.name" -}}jatra-operator{{- end -}}

{{- define "jatra-operator.selector" -}}
app: jatra-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "jatra-operator.labels" -}}
{{ include "jatra-operator.selector" . }}
app.kubernetes.io/name: jatra-operator
app.kubernetes.io/part-of: jatra
app.kubernetes.io/component: operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "jatra-operator.tag" -}}
{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{/* The least it needs where its platforms are: the kinds it makes, and pods and events. */}}
{{- define "jatra-operator.rules" -}}
- apiGroups: [jatra.dev]
  resources: [jatraplatforms]
  # patch: its finalizer, where queues in somebody else's broker have to go first. It never writes a spec.
  verbs: [get, list, watch, patch]
- apiGroups: [jatra.dev]
  resources: [jatraplatforms/status]
  verbs: [get, patch]
# Children carry blockOwnerDeletion: some clusters ask for the right to hold up the owner's end.
- apiGroups: [jatra.dev]
  resources: [jatraplatforms/finalizers]
  verbs: [update]
- apiGroups: [""]
  resources: [serviceaccounts, secrets, configmaps, persistentvolumeclaims, services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments, statefulsets, controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies, ingresses]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [monitoring.coreos.com]
  resources: [servicemonitors, prometheusrules]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  # patch: a changed annotation brings PgBouncer its new files at once.
  verbs: [get, list, watch, patch]
- apiGroups: [""]
  resources: [namespaces]
  # Whether a namespace is going as a whole: nobody is made to wait then.
  verbs: [get]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end -}}
