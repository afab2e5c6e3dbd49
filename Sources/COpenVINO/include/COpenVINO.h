#ifndef GUARDIAN_COPENVINO_H
#define GUARDIAN_COPENVINO_H

#include <stddef.h>
#include <stdint.h>

// The functions of OpenVINO's C API (https://docs.openvino.ai, "OpenVINO C API") that Guardian calls, loaded at run
// time: a process that never opens a detector does not load the runtime, and a machine without it gets an error message
// instead of a failure of the dynamic loader. Every function that can fail returns NULL or non-zero and writes an error
// message to `reason`.

typedef struct gov_runtime gov_runtime;
typedef struct gov_model gov_model;
typedef struct gov_request gov_request;

enum { gov_reason_size = 512, gov_rank_max = 8 };

typedef struct {
    int64_t rank;
    int64_t dimensions[gov_rank_max];
    // ov_element_type_e: 4 is f32, 16 is u8.
    int32_t type;
} gov_shape;

enum { gov_type_f32 = 4, gov_type_u8 = 16 };

// Loads the library at `path` (libopenvino_c.so.N) and creates its core. The library stays loaded until the process
// ends: the runtime leaves threads behind that would crash without it.
gov_runtime *gov_runtime_open(const char *path, char reason[gov_reason_size]);
void gov_runtime_close(gov_runtime *runtime);
// Copies the runtime's version, for example `2026.4.1-…`.
void gov_runtime_version(gov_runtime *runtime, char *text, size_t size);

// Reads and compiles a model for the CPU. Every request runs on `threads` threads; up to `requests` run concurrently.
gov_model *gov_model_compile(
    gov_runtime *runtime, const char *xml, const char *bin, int threads, int requests, char reason[gov_reason_size]);
void gov_model_close(gov_model *model);
size_t gov_model_inputs(const gov_model *model);
size_t gov_model_outputs(const gov_model *model);
int gov_model_input_shape(const gov_model *model, size_t index, gov_shape *shape);
int gov_model_output_shape(const gov_model *model, size_t index, gov_shape *shape);

// One thread at a time may use a request; different requests of one model may run at once.
gov_request *gov_request_create(gov_model *model, char reason[gov_reason_size]);
void gov_request_close(gov_request *request);
// Returns the memory of input `index`, to be written before running, and of output `index`, to be read afterwards.
// Valid as long as the request.
void *gov_request_input(gov_request *request, size_t index, size_t *bytes);
const void *gov_request_output(gov_request *request, size_t index, size_t *bytes);
int gov_request_run(gov_request *request, char reason[gov_reason_size]);

#endif
