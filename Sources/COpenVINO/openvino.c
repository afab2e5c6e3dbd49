#include "COpenVINO.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The runtime's types stay opaque; only the two structures whose fields are used here are declared.
typedef struct ov_core ov_core;
typedef struct ov_model ov_model;
typedef struct ov_compiled ov_compiled;
typedef struct ov_request ov_request;
typedef struct ov_tensor ov_tensor;
typedef struct ov_port ov_port;

typedef struct {
    int64_t rank;
    int64_t *dims;
} ov_shape;

typedef struct {
    const char *buildNumber;
    const char *description;
} ov_version;

typedef struct {
    int (*version)(ov_version *);
    void (*version_free)(ov_version *);
    const char *(*error_info)(int);
    const char *(*last_error)(void);
    int (*core_create)(ov_core **);
    void (*core_free)(ov_core *);
    int (*read_model)(const ov_core *, const char *, const char *, ov_model **);
    void (*model_free)(ov_model *);
    // Variadic: pairs of property name and value.
    int (*compile)(const ov_core *, const ov_model *, const char *, size_t, ov_compiled **, ...);
    void (*compiled_free)(ov_compiled *);
    int (*inputs_size)(const ov_compiled *, size_t *);
    int (*outputs_size)(const ov_compiled *, size_t *);
    int (*input_at)(const ov_compiled *, size_t, ov_port **);
    int (*output_at)(const ov_compiled *, size_t, ov_port **);
    void (*port_free)(ov_port *);
    int (*port_shape)(const ov_port *, ov_shape *);
    int (*port_type)(const ov_port *, int *);
    int (*shape_free)(ov_shape *);
    int (*create_request)(const ov_compiled *, ov_request **);
    void (*request_free)(ov_request *);
    int (*infer)(ov_request *);
    int (*input_tensor)(const ov_request *, size_t, ov_tensor **);
    int (*output_tensor)(const ov_request *, size_t, ov_tensor **);
    void (*tensor_free)(ov_tensor *);
    int (*tensor_bytes)(const ov_tensor *, size_t *);
    int (*tensor_address)(const ov_tensor *, void **);
} ov_table;

struct gov_runtime {
    ov_table call;
    ov_core *core;
};

struct gov_model {
    gov_runtime *runtime;
    ov_compiled *compiled;
};

enum { tensors_max = 4 };

struct gov_request {
    gov_runtime *runtime;
    ov_request *request;
    ov_tensor *input[tensors_max];
    ov_tensor *output[tensors_max];
};

static void set_reason(char *reason, const char *format, ...) {
    if (!reason) return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, gov_reason_size, format, arguments);
    va_end(arguments);
}

// Writes the runtime's description of its last failure on this thread to `reason`.
static void set_failure(const ov_table *call, char *reason, const char *what, int status) {
    const char *kind = call->error_info(status);
    const char *detail = call->last_error ? call->last_error() : NULL;
    set_reason(reason, "%s: %s%s%s", what, kind ? kind : "unknown failure", detail && *detail ? ": " : "",
        detail ? detail : "");
}

typedef struct {
    const char *name;
    size_t offset;
    bool optional;
} symbol;

#define SYMBOL(field, name) {name, offsetof(ov_table, field), false}

static const symbol symbols[] = {
    SYMBOL(version, "ov_get_openvino_version"),
    SYMBOL(version_free, "ov_version_free"),
    SYMBOL(error_info, "ov_get_error_info"),
    {"ov_get_last_err_msg", offsetof(ov_table, last_error), true},
    SYMBOL(core_create, "ov_core_create"),
    SYMBOL(core_free, "ov_core_free"),
    SYMBOL(read_model, "ov_core_read_model"),
    SYMBOL(model_free, "ov_model_free"),
    SYMBOL(compile, "ov_core_compile_model"),
    SYMBOL(compiled_free, "ov_compiled_model_free"),
    SYMBOL(inputs_size, "ov_compiled_model_inputs_size"),
    SYMBOL(outputs_size, "ov_compiled_model_outputs_size"),
    SYMBOL(input_at, "ov_compiled_model_input_by_index"),
    SYMBOL(output_at, "ov_compiled_model_output_by_index"),
    SYMBOL(port_free, "ov_output_const_port_free"),
    SYMBOL(port_shape, "ov_const_port_get_shape"),
    SYMBOL(port_type, "ov_port_get_element_type"),
    SYMBOL(shape_free, "ov_shape_free"),
    SYMBOL(create_request, "ov_compiled_model_create_infer_request"),
    SYMBOL(request_free, "ov_infer_request_free"),
    SYMBOL(infer, "ov_infer_request_infer"),
    SYMBOL(input_tensor, "ov_infer_request_get_input_tensor_by_index"),
    SYMBOL(output_tensor, "ov_infer_request_get_output_tensor_by_index"),
    SYMBOL(tensor_free, "ov_tensor_free"),
    SYMBOL(tensor_bytes, "ov_tensor_get_byte_size"),
    SYMBOL(tensor_address, "ov_tensor_data"),
};

gov_runtime *gov_runtime_open(const char *path, char reason[gov_reason_size]) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        set_reason(reason, "%s", dlerror());
        return NULL;
    }
    gov_runtime *runtime = calloc(1, sizeof *runtime);
    if (!runtime) {
        set_reason(reason, "out of memory");
        return NULL;
    }
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) {
        void *address = dlsym(library, symbols[i].name);
        if (!address && !symbols[i].optional) {
            set_reason(reason, "%s has no %s: its version is not supported", path, symbols[i].name);
            free(runtime);
            return NULL;
        }
        // memcpy, since ISO C has no cast between object and function pointers.
        memcpy((char *)&runtime->call + symbols[i].offset, &address, sizeof address);
    }
    int status = runtime->call.core_create(&runtime->core);
    if (status) {
        set_failure(&runtime->call, reason, "the core does not start", status);
        free(runtime);
        return NULL;
    }
    return runtime;
}

void gov_runtime_close(gov_runtime *runtime) {
    if (!runtime) return;
    if (runtime->core) runtime->call.core_free(runtime->core);
    free(runtime);
}

void gov_runtime_version(gov_runtime *runtime, char *text, size_t size) {
    ov_version version = {0};
    if (!size) return;
    text[0] = 0;
    if (runtime->call.version(&version)) return;
    snprintf(text, size, "%s", version.buildNumber ? version.buildNumber : "");
    runtime->call.version_free(&version);
}

gov_model *gov_model_compile(
    gov_runtime *runtime, const char *xml, const char *bin, int threads, int requests, char reason[gov_reason_size]) {
    const ov_table *call = &runtime->call;
    ov_model *network = NULL;
    int status = call->read_model(runtime->core, xml, bin, &network);
    if (status) {
        set_failure(call, reason, "it cannot be read", status);
        return NULL;
    }
    gov_model *model = calloc(1, sizeof *model);
    if (!model) {
        set_reason(reason, "out of memory");
        call->model_free(network);
        return NULL;
    }
    model->runtime = runtime;
    char total[16], streams[16];
    snprintf(total, sizeof total, "%d", threads * requests);
    snprintf(streams, sizeof streams, "%d", requests);
    // Pinning would put the threads of two processes onto the same core.
    status = call->compile(
        runtime->core, network, "CPU", 8, &model->compiled, "INFERENCE_NUM_THREADS", total, "NUM_STREAMS", streams,
        "ENABLE_CPU_PINNING", "NO", "PERFORMANCE_HINT", "LATENCY");
    call->model_free(network);
    if (status) {
        set_failure(call, reason, "it cannot be compiled", status);
        free(model);
        return NULL;
    }
    return model;
}

void gov_model_close(gov_model *model) {
    if (!model) return;
    model->runtime->call.compiled_free(model->compiled);
    free(model);
}

size_t gov_model_inputs(const gov_model *model) {
    size_t count = 0;
    return model->runtime->call.inputs_size(model->compiled, &count) ? 0 : count;
}

size_t gov_model_outputs(const gov_model *model) {
    size_t count = 0;
    return model->runtime->call.outputs_size(model->compiled, &count) ? 0 : count;
}

static int describe(const ov_table *call, ov_port *port, gov_shape *shape) {
    ov_shape found = {0};
    int type = 0;
    int failed = call->port_shape(port, &found) || call->port_type(port, &type);
    if (!failed && found.rank <= gov_rank_max) {
        shape->rank = found.rank;
        for (int64_t i = 0; i < found.rank; i++) shape->dimensions[i] = found.dims[i];
        shape->type = type;
    } else {
        failed = 1;
    }
    if (found.dims) call->shape_free(&found);
    call->port_free(port);
    return failed;
}

int gov_model_input_shape(const gov_model *model, size_t index, gov_shape *shape) {
    ov_port *port = NULL;
    if (model->runtime->call.input_at(model->compiled, index, &port)) return 1;
    return describe(&model->runtime->call, port, shape);
}

int gov_model_output_shape(const gov_model *model, size_t index, gov_shape *shape) {
    ov_port *port = NULL;
    if (model->runtime->call.output_at(model->compiled, index, &port)) return 1;
    return describe(&model->runtime->call, port, shape);
}

gov_request *gov_request_create(gov_model *model, char reason[gov_reason_size]) {
    const ov_table *call = &model->runtime->call;
    size_t inputs = gov_model_inputs(model), outputs = gov_model_outputs(model);
    if (inputs > tensors_max || outputs > tensors_max) {
        set_reason(reason, "it has %zu inputs and %zu outputs, more than %d", inputs, outputs, tensors_max);
        return NULL;
    }
    gov_request *request = calloc(1, sizeof *request);
    if (!request) {
        set_reason(reason, "out of memory");
        return NULL;
    }
    request->runtime = model->runtime;
    int status = call->create_request(model->compiled, &request->request);
    for (size_t i = 0; !status && i < inputs; i++) status = call->input_tensor(request->request, i, &request->input[i]);
    for (size_t i = 0; !status && i < outputs; i++)
        status = call->output_tensor(request->request, i, &request->output[i]);
    if (status) {
        set_failure(call, reason, "no request can be made", status);
        gov_request_close(request);
        return NULL;
    }
    return request;
}

void gov_request_close(gov_request *request) {
    if (!request) return;
    const ov_table *call = &request->runtime->call;
    for (size_t i = 0; i < tensors_max; i++) {
        if (request->input[i]) call->tensor_free(request->input[i]);
        if (request->output[i]) call->tensor_free(request->output[i]);
    }
    if (request->request) call->request_free(request->request);
    free(request);
}

static void *memory(const ov_table *call, ov_tensor *tensor, size_t *bytes) {
    void *address = NULL;
    *bytes = 0;
    if (!tensor || call->tensor_bytes(tensor, bytes) || call->tensor_address(tensor, &address)) return NULL;
    return address;
}

void *gov_request_input(gov_request *request, size_t index, size_t *bytes) {
    return index < tensors_max ? memory(&request->runtime->call, request->input[index], bytes) : NULL;
}

const void *gov_request_output(gov_request *request, size_t index, size_t *bytes) {
    return index < tensors_max ? memory(&request->runtime->call, request->output[index], bytes) : NULL;
}

int gov_request_run(gov_request *request, char reason[gov_reason_size]) {
    int status = request->runtime->call.infer(request->request);
    if (status) set_failure(&request->runtime->call, reason, "inference failed", status);
    return status;
}
