#include "solver/vector_kernels.hpp"

#include <nvector/nvector_serial.h>

#include <cmath>

namespace ballast {
namespace {

/// Four running sums, added in a fixed order: what a vector register holds, written out.
template <class Term>
double sum_of(sunindextype n, Term&& term) {
  double s0 = 0;
  double s1 = 0;
  double s2 = 0;
  double s3 = 0;
  sunindextype i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += term(i);
    s1 += term(i + 1);
    s2 += term(i + 2);
    s3 += term(i + 3);
  }
  for (; i < n; ++i) s0 += term(i);
  return (s0 + s1) + (s2 + s3);
}

double wrms_norm(N_Vector x, N_Vector w) {
  const sunindextype n = NV_LENGTH_S(x);
  const double* __restrict a = NV_DATA_S(x);
  const double* __restrict b = NV_DATA_S(w);
  const double sum = sum_of(n, [&](sunindextype i) { return (a[i] * b[i]) * (a[i] * b[i]); });
  return std::sqrt(sum / static_cast<double>(n));
}

/// `id` holds 0 and 1 only.
double wrms_norm_mask(N_Vector x, N_Vector w, N_Vector id) {
  const sunindextype n = NV_LENGTH_S(x);
  const double* __restrict a = NV_DATA_S(x);
  const double* __restrict b = NV_DATA_S(w);
  const double* __restrict m = NV_DATA_S(id);
  const double sum = sum_of(n, [&](sunindextype i) {
    const double term = a[i] * b[i] * m[i];
    return term * term;
  });
  return std::sqrt(sum / static_cast<double>(n));
}

/// z may be x or y.
void linear_sum(realtype a, N_Vector x, realtype b, N_Vector y, N_Vector z) {
  const sunindextype n = NV_LENGTH_S(x);
  const double* p = NV_DATA_S(x);
  const double* q = NV_DATA_S(y);
  double* out = NV_DATA_S(z);
#pragma GCC ivdep
  for (sunindextype i = 0; i < n; ++i) out[i] = a * p[i] + b * q[i];
}

/// Z_k = a X_k + b Y_k; Z_k may be X_k or Y_k.
int linear_sum_array(int count, realtype a, N_Vector* X, realtype b, N_Vector* Y, N_Vector* Z) {
  for (int k = 0; k < count; ++k) linear_sum(a, X[k], b, Y[k], Z[k]);
  return 0;
}

void scale(realtype c, N_Vector x, N_Vector z) {
  const sunindextype n = NV_LENGTH_S(x);
  const double* p = NV_DATA_S(x);
  double* out = NV_DATA_S(z);
#pragma GCC ivdep
  for (sunindextype i = 0; i < n; ++i) out[i] = c * p[i];
}

void constant(realtype c, N_Vector z) {
  double* out = NV_DATA_S(z);
  const sunindextype n = NV_LENGTH_S(z);
  for (sunindextype i = 0; i < n; ++i) out[i] = c;
}

/// Z_k = c_k X_k; Z_k may be X_k.
int scale_array(int count, realtype* c, N_Vector* X, N_Vector* Z) {
  for (int k = 0; k < count; ++k) scale(c[k], X[k], Z[k]);
  return 0;
}

/// z = sum of c_k X_k; z may be X_0.
int linear_combination(int count, realtype* c, N_Vector* X, N_Vector z) {
  const sunindextype n = NV_LENGTH_S(z);
  double* out = NV_DATA_S(z);
  const double* first = NV_DATA_S(X[0]);
  const double c0 = c[0];
  int k = 1;
  if (count > 1) {
    const double c1 = c[1];
    const double* second = NV_DATA_S(X[1]);
#pragma GCC ivdep
    for (sunindextype i = 0; i < n; ++i) out[i] = c0 * first[i] + c1 * second[i];
    k = 2;
  } else {
#pragma GCC ivdep
    for (sunindextype i = 0; i < n; ++i) out[i] = c0 * first[i];
  }
  for (; k < count; ++k) {
    const double ck = c[k];
    const double* __restrict p = NV_DATA_S(X[k]);
#pragma GCC ivdep
    for (sunindextype i = 0; i < n; ++i) out[i] += ck * p[i];
  }
  return 0;
}

/// Z_k = a_k x + Y_k; Z_k may be Y_k.
int scale_add_multi(int count, realtype* a, N_Vector x, N_Vector* Y, N_Vector* Z) {
  const sunindextype n = NV_LENGTH_S(x);
  const double* __restrict p = NV_DATA_S(x);
  for (int k = 0; k < count; ++k) {
    const double ak = a[k];
    const double* q = NV_DATA_S(Y[k]);
    double* out = NV_DATA_S(Z[k]);
#pragma GCC ivdep
    for (sunindextype i = 0; i < n; ++i) out[i] = ak * p[i] + q[i];
  }
  return 0;
}

}  // namespace

void use_vector_kernels(N_Vector vector) {
  N_VEnableFusedOps_Serial(vector, SUNTRUE);
  vector->ops->nvwrmsnorm = &wrms_norm;
  vector->ops->nvwrmsnormmask = &wrms_norm_mask;
  vector->ops->nvlinearsum = &linear_sum;
  vector->ops->nvscale = &scale;
  vector->ops->nvconst = &constant;
  vector->ops->nvscalevectorarray = &scale_array;
  vector->ops->nvlinearsumvectorarray = &linear_sum_array;
  vector->ops->nvlinearcombination = &linear_combination;
  vector->ops->nvscaleaddmulti = &scale_add_multi;
}

}  // namespace ballast
