// Evaluates the Tiltfile with the language it is written in (Starlark) where Tilt itself is not to be had: every built-in that it
// calls is recorded with its arguments, and the calls are printed as JSON for the test to read and carry out.
//
//	go run . ../../Tiltfile
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Call is one call of a built-in: its name, positional and named arguments.
type Call struct {
	Name  string         `json:"name"`
	Args  []any          `json:"args"`
	Named map[string]any `json:"named"`
}

// Built-ins of Tilt's API that the Tiltfile may use; another name fails the evaluation, as it would in Tilt.
var recorded = []string{
	"allow_k8s_contexts", "custom_build", "docker_build", "k8s_kind", "k8s_resource", "k8s_yaml", "local_resource", "update_settings",
}

// Built-ins whose result is an argument of another call: they evaluate to their own record.
var nested = []string{"sync", "run", "fall_back_on", "helm", "port_forward", "link"}

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: go run . TILTFILE"))
	}
	calls, err := evaluate(os.Args[1])
	if err != nil {
		fail(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(calls); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func evaluate(file string) ([]Call, error) {
	calls := []Call{}
	predeclared := starlark.StringDict{}
	for _, name := range recorded {
		predeclared[name] = builtin(name, func(call Call) { calls = append(calls, call) })
	}
	for _, name := range nested {
		predeclared[name] = builtin(name, nil)
	}
	predeclared["local"] = starlark.NewBuiltin("local", runLocally(filepath.Dir(file)))
	predeclared["k8s_context"] = starlark.NewBuiltin("k8s_context", currentContext)
	predeclared["TRIGGER_MODE_MANUAL"] = starlark.String("manual")
	options := &syntax.FileOptions{TopLevelControl: true, GlobalReassign: true}
	_, err := starlark.ExecFileOptions(options, &starlark.Thread{Name: "Tiltfile"}, file, nil, predeclared)
	return calls, err
}

// runLocally carries the command out, as Tilt does, in the Tiltfile's folder, and answers what it printed.
func runLocally(folder string) func(
	*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple,
) (starlark.Value, error) {
	return func(
		_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple,
	) (starlark.Value, error) {
		var command string
		var quiet bool
		if err := starlark.UnpackArgs("local", args, kwargs, "command", &command, "quiet?", &quiet); err != nil {
			return nil, err
		}
		run := exec.Command("sh", "-c", command)
		run.Dir = folder
		run.Stderr = os.Stderr
		output, err := run.Output()
		return starlark.String(output), err
	}
}

// currentContext stands for the context that Tilt would run against: the test says which.
func currentContext(
	*starlark.Thread, *starlark.Builtin, starlark.Tuple, []starlark.Tuple,
) (starlark.Value, error) {
	return starlark.String(os.Getenv("TILT_CONTEXT")), nil
}

// builtin answers a function that evaluates to a record of its call and, if asked, also reports it.
func builtin(name string, report func(Call)) *starlark.Builtin {
	return starlark.NewBuiltin(name, func(
		_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple,
	) (starlark.Value, error) {
		call := Call{Name: name, Args: []any{}, Named: map[string]any{}}
		for _, arg := range args {
			call.Args = append(call.Args, plain(arg))
		}
		for _, pair := range kwargs {
			call.Named[string(pair[0].(starlark.String))] = plain(pair[1])
		}
		if report != nil {
			report(call)
			return starlark.None, nil
		}
		return record(name, args, kwargs), nil
	})
}

// record is the value of a nested built-in: a dict that `plain` turns into the same JSON as a call.
func record(name string, args starlark.Tuple, kwargs []starlark.Tuple) starlark.Value {
	named := starlark.NewDict(len(kwargs))
	for _, pair := range kwargs {
		_ = named.SetKey(pair[0], pair[1])
	}
	value := starlark.NewDict(3)
	_ = value.SetKey(starlark.String("name"), starlark.String(name))
	_ = value.SetKey(starlark.String("args"), starlark.NewList(args))
	_ = value.SetKey(starlark.String("named"), named)
	return value
}

func plain(value starlark.Value) any {
	switch typed := value.(type) {
	case starlark.String:
		return string(typed)
	case starlark.Bool:
		return bool(typed)
	case starlark.Int:
		number, _ := typed.Int64()
		return number
	case starlark.NoneType:
		return nil
	case *starlark.Dict:
		object := map[string]any{}
		for _, item := range typed.Items() {
			key, _ := starlark.AsString(item[0])
			object[key] = plain(item[1])
		}
		return object
	case starlark.Iterable:
		list := []any{}
		iterator := typed.Iterate()
		defer iterator.Done()
		var item starlark.Value
		for iterator.Next(&item) {
			list = append(list, plain(item))
		}
		return list
	}
	return value.String()
}
