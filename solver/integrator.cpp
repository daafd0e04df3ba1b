#include "solver/integrator.hpp"

#include <fmt/format.h>
#include <ida/ida.h>
#include <nvector/nvector_serial.h>
#include <sundials/sundials_context.h>
#include <sundials/sundials_linearsolver.h>
#include <sundials/sundials_matrix.h>
#include <sundials/sundials_version.h>

#include <algorithm>
#include <cmath>

#include "solver/vector_kernels.hpp"

namespace ballast {

void IntegratorCounters::operator+=(const IntegratorCounters& o) {
  steps += o.steps;
  residuals += o.residuals;
  jacobians += o.jacobians;
  nonlinear_iterations += o.nonlinear_iterations;
  error_test_failures += o.error_test_failures;
  convergence_failures += o.convergence_failures;
  guard_evaluations += o.guard_evaluations;
  restarts += o.restarts;
  limit_moves += o.limit_moves;
}

struct Integrator::Impl {
  System& system;
  IntegratorOptions options;
  SUNContext context = nullptr;
  void* ida = nullptr;
  N_Vector y = nullptr, yp = nullptr, id = nullptr, scratch = nullptr;
  SUNMatrix matrix = nullptr;  ///< stands for `jacobian_values`
  std::vector<double> jacobian_values;
  SUNLinearSolver linear = nullptr;  ///< hands on to `solver`
  std::unique_ptr<LinearSolver> solver;
  int pattern_version = -1;
  std::vector<int> limits;     ///< modes at `t`
  std::vector<int> attempted;  ///< modes of the last accepted step while it was computed
  double attempt = kUnknown;   ///< end of the step being attempted
  std::vector<int> moved;      ///< guards of limits that moved in the last step
  long limit_moves = 0;
  double evaluated_t = kUnknown;    ///< where the system was evaluated last with the modes it has
  std::vector<double> evaluated_y;  ///< there
  double t = 0, t_before = 0;
  double end = 0;  ///< of the last accepted step: after t where something happened within it
  std::vector<double> solution;
  std::vector<double> within;     ///< an interpolated point
  std::vector<int> crossed;       ///< guards that became positive at t
  std::vector<int> positive;      ///< guards
  std::vector<double> low, high;  ///< above() of them at the ends of the interval searched
  long guard_evaluations = 0;
  std::vector<double> scale;     ///< of each unknown, for the error weights
  std::vector<double> relative;  ///< 1, or 0 where weighted absolutely
  double weight_factor = 1;
  std::string failure;
  IntegratorCounters finished;  ///< of earlier starts
  long restarts = 0;

  Impl(System& s, const IntegratorOptions& o) : system(s), options(o) {
    SUNContext_Create(nullptr, &context);
  }
  ~Impl() {
    clear();
    SUNContext_Free(&context);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void clear() {
    if (ida != nullptr) {
      finished += current();
      IDAFree(&ida);
    }
    if (linear != nullptr) SUNLinSolFree(linear);
    if (matrix != nullptr) SUNMatDestroy(matrix);
    for (N_Vector* v : {&y, &yp, &id, &scratch}) {
      if (*v != nullptr) N_VDestroy(*v);
      *v = nullptr;
    }
    linear = nullptr;
    matrix = nullptr;
  }

  [[nodiscard]] IntegratorCounters current() const {
    IntegratorCounters c;
    if (ida == nullptr) return c;
    IDAGetNumSteps(ida, &c.steps);
    IDAGetNumResEvals(ida, &c.residuals);
    IDAGetNumJacEvals(ida, &c.jacobians);
    IDAGetNumNonlinSolvIters(ida, &c.nonlinear_iterations);
    IDAGetNumErrTestFails(ida, &c.error_test_failures);
    IDAGetNumNonlinSolvConvFails(ida, &c.convergence_failures);
    return c;
  }

  static int residual(realtype t, N_Vector y, N_Vector yp, N_Vector r, void* self) {
    auto& impl = *static_cast<Impl*>(self);
    const double* at = N_VGetArrayPointer(y);
    double* out = N_VGetArrayPointer(r);
    if (t != impl.attempt) {  // a new attempt: y is the prediction
      impl.attempt = t;
      impl.system.restore_limits(impl.limits);
      impl.system.settle_limits(t, at);
      impl.remember(t, at);
    } else {
      impl.evaluate(t, at);
    }
    impl.system.residual_here(at, N_VGetArrayPointer(yp), out);
    for (int i = 0; i < impl.system.size(); ++i)
      if (!std::isfinite(out[i])) return 1;  // recoverable: a smaller step
    return 0;
  }
  /// The system evaluated at (t, y) with the modes it has. IDA asks for the Jacobian where it just took the
  /// residual, and for the guards where the step is then looked at.
  void evaluate(double t_asked, const double* at) {
    if (t_asked == evaluated_t && std::equal(evaluated_y.begin(), evaluated_y.end(), at)) return;
    system.evaluate(t_asked, at);
    remember(t_asked, at);
  }
  void remember(double t_now, const double* at) {
    evaluated_t = t_now;
    evaluated_y.assign(at, at + system.size());
  }
  void forget() { evaluated_t = kUnknown; }
  static int jacobian(realtype t, realtype cj, N_Vector y, N_Vector, N_Vector, SUNMatrix, void* self,
                      N_Vector, N_Vector, N_Vector) {
    auto& impl = *static_cast<Impl*>(self);
    impl.evaluate(t, N_VGetArrayPointer(y));
    impl.system.jacobian_here(N_VGetArrayPointer(y), cj, impl.jacobian_values.data());
    return 0;
  }
  static int factor(SUNLinearSolver linear, SUNMatrix) {
    // Recoverable: IDA tries a smaller step.
    const auto& impl = *static_cast<Impl*>(linear->content);
    return impl.solver->factor(impl.jacobian_values.data()) ? SUNLS_SUCCESS : SUNLS_LUFACT_FAIL;
  }
  static int solve(SUNLinearSolver linear, SUNMatrix, N_Vector x, N_Vector b, realtype) {
    if (x != b) N_VScale(1.0, b, x);
    static_cast<Impl*>(linear->content)->solver->solve(N_VGetArrayPointer(x));
    return SUNLS_SUCCESS;
  }
  /// Our matrix and our solver behind SUNDIALS' interfaces. The solver outlives restarts (IDAReInit), pivots
  /// and all: the pattern stays the same.
  void make_linear_algebra() {
    jacobian_values.assign(system.row_index().size(), 0.0);
    solver = make_linear_solver(options.linear_solver, system);
    matrix = SUNMatNewEmpty(context);
    matrix->ops->getid = [](SUNMatrix) { return SUNMATRIX_CUSTOM; };
    matrix->ops->zero = [](SUNMatrix) -> int { return SUNMAT_SUCCESS; };  // jacobian() writes every value
    matrix->ops->destroy = [](SUNMatrix self) { SUNMatFreeEmpty(self); };
    linear = SUNLinSolNewEmpty(context);
    linear->content = this;
    linear->ops->gettype = [](SUNLinearSolver) { return SUNLINEARSOLVER_DIRECT; };
    linear->ops->initialize = [](SUNLinearSolver) -> int { return SUNLS_SUCCESS; };
    linear->ops->setup = &Impl::factor;
    linear->ops->solve = &Impl::solve;
    linear->ops->free = [](SUNLinearSolver self) -> int {
      self->content = nullptr;
      SUNLinSolFreeEmpty(self);
      return SUNLS_SUCCESS;
    };
  }
  static int weights(N_Vector y, N_Vector w, void* self) {
    const auto& impl = *static_cast<Impl*>(self);
    const double* value = N_VGetArrayPointer(y);
    double* out = N_VGetArrayPointer(w);
    for (int i = 0; i < impl.system.size(); ++i)
      out[i] = impl.weight_factor / (impl.scale[i] + impl.relative[i] * std::abs(value[i]));
    return 0;
  }
  static void message(int code, const char*, const char* function, char* text, void* self) {
    if (code < 0) static_cast<Impl*>(self)->failure = fmt::format("{}: {}", function, text);
  }

  void create(double t0) {
    clear();
    const int n = system.size();
    pattern_version = system.pattern_version();
    y = N_VNew_Serial(n, context);
    use_vector_kernels(y);
    yp = N_VClone(y);
    id = N_VClone(y);
    scratch = N_VClone(y);
    for (int i = 0; i < n; ++i) N_VGetArrayPointer(id)[i] = system.is_differential(i) ? 1.0 : 0.0;
    std::vector<char> absolute;
    system.error_scales(scale, absolute);
    relative.clear();
    for (const char a : absolute) relative.push_back(a != 0 ? 0.0 : 1.0);
    weight_factor = local_weight(n);
    ida = IDACreate(context);
    IDASetErrHandlerFn(ida, &Impl::message, this);
    copy_in(t0);
    IDAInit(ida, &Impl::residual, t0, y, yp);
    IDASetUserData(ida, this);
    IDAWFtolerances(ida, &Impl::weights);
    IDASetId(ida, id);
    IDASetSuppressAlg(ida, options.suppress_algebraic ? SUNTRUE : SUNFALSE);
    IDASetMaxStep(ida, options.max_step_s);
    IDASetMaxNumSteps(ida, -1);
    // IDA holds its step until it could double, which makes the error a step function of the tolerance.
    IDASetEtaFixedStepBounds(ida, 1.0, 1.2);
    IDASetNonlinConvCoef(ida, 0.1);
    make_linear_algebra();
    IDASetLinearSolver(ida, linear, matrix);
    IDASetJacFn(ida, &Impl::jacobian);
  }

  /// What the local error is weighed with so that the global error follows the tolerance asked for.
  /// With variable order up to 5, controlling the local error per step at TOL gives a global error in
  /// proportion to TOL^(5/6); so the local tolerance is TOL^(6/5), anchored at 1e-4. IDA's norm divides by
  /// the number of all unknowns, also those left out of the test; the square root undoes that.
  [[nodiscard]] double local_weight(int n) const {
    const double local = 1e-4 * std::pow(options.relative_tolerance / 1e-4, 1.2);
    int tested = n;
    if (options.suppress_algebraic) {
      tested = 0;
      for (int i = 0; i < n; ++i) tested += system.is_differential(i) ? 1 : 0;
    }
    return std::sqrt(static_cast<double>(n) / std::max(1, tested)) / local;
  }

  /// One step of IDA, not beyond `stop`; the system keeps the modes that the step was computed with.
  bool advance(double stop) {
    IDASetStopTime(ida, stop);
    realtype reached = end;
    const int flag = IDASolve(ida, stop, &reached, y, yp, IDA_ONE_STEP);
    if (flag < 0) {
      if (failure.empty()) failure = fmt::format("IDA flag {}", flag);
      return false;
    }
    end = flag == IDA_TSTOP_RETURN ? stop : reached;
    system.save_limits(attempted);
    return true;
  }

  /// The solution at a time within the last step.
  void interpolate(double at, std::vector<double>& values) const {
    N_Vector point = y;
    if (at < end) {
      IDAGetDky(ida, at, 0, scratch);
      point = scratch;
    }
    const double* from = N_VGetArrayPointer(point);
    values.assign(from, from + system.size());
  }
  /// The system evaluated at a time within the last step, with the modes it was computed with.
  void evaluate_within(double at) {
    interpolate(at, within);
    evaluate(at, within.data());
  }

  /// A guard less the value from which it counts as positive: what is searched is where this is zero.
  [[nodiscard]] double above(int guard) const { return system.guards()[guard] - kGuardTolerance; }
  /// The guards of automata that are not positive at t, but at `to`: moves t to where the first of them
  /// becomes positive. False when there is none.
  bool find_crossing(double to) {
    if (system.watched_guards().empty()) return false;
    system.restore_limits(attempted);
    evaluate_within(to);
    ++guard_evaluations;
    positive.clear();
    high.clear();
    for (const int g : system.watched_guards())
      if (above(g) > 0) {
        positive.push_back(g);
        high.push_back(above(g));
      }
    if (positive.empty()) return false;
    evaluate_within(t);
    ++guard_evaluations;
    low.clear();
    std::size_t kept = 0;
    for (std::size_t k = 0; k < positive.size(); ++k) {
      const double value = above(positive[k]);
      if (value > 0) continue;  // it rests there
      low.push_back(value);
      positive[kept] = positive[k];
      high[kept++] = high[k];
    }
    positive.resize(kept);
    high.resize(kept);
    if (positive.empty()) return false;
    t = first_crossing(t, to);
    crossed = positive;
    return true;
  }
  /// The Illinois form of regula falsi for the earliest crossing; leaves in `positive` the guards that are
  /// positive where it ends.
  double first_crossing(double from, double to) {
    const double tolerance = 1e-12 * (1 + std::abs(to));
    double weight = 1;
    int last_side = 0;
    while (to - from > tolerance) {
      double share = 1;  // of the interval, to the earliest crossing of the chords
      for (std::size_t k = 0; k < positive.size(); ++k)
        share = std::min(share, -weight * low[k] / (high[k] - weight * low[k]));
      const double margin = std::min(0.5, 0.5 * tolerance / (to - from));
      const double at = from + std::clamp(share, margin, 1 - margin) * (to - from);
      evaluate_within(at);
      ++guard_evaluations;
      const auto value = [&](std::size_t k) { return above(positive[k]); };
      std::size_t kept = 0;
      for (std::size_t k = 0; k < positive.size(); ++k) {
        if (value(k) <= 0) continue;
        std::swap(positive[kept], positive[k]);
        std::swap(low[kept], low[k]);
        std::swap(high[kept], high[k]);
        high[kept] = value(kept);
        ++kept;
      }
      const int side = kept > 0 ? 1 : 2;
      weight = side != last_side ? 1 : side == 1 ? weight / 2 : weight * 2;
      last_side = side;
      if (kept > 0) {
        positive.resize(kept);
        low.resize(kept);
        high.resize(kept);
        to = at;
      } else {
        for (std::size_t k = 0; k < positive.size(); ++k) low[k] = value(k);
        from = at;
      }
    }
    return to;
  }
  /// At a time within the last step: the solution there, and every limit where it belongs.
  void arrive(double at) {
    if (at < end) {
      system.restore_limits(limits);
      forget();
    }
    interpolate(at, solution);
    t = at;
    evaluate(t, solution.data());
    if (system.move_limits(&moved)) system.settle_limits(t, solution.data(), &moved);
    limit_moves += static_cast<long>(moved.size());
    system.save_limits(limits);
    attempt = kUnknown;
  }

  /// Initial values into IDA's vectors, with y' from the system.
  void copy_in(double t0) {
    std::copy(solution.begin(), solution.end(), N_VGetArrayPointer(y));
    system.evaluate(t0, solution.data());
    system.rates(solution.data(), N_VGetArrayPointer(yp));
  }
};

Integrator::Integrator(System& system, const IntegratorOptions& options)
    : impl_(std::make_unique<Impl>(system, options)) {}
Integrator::~Integrator() = default;

void Integrator::start(double t, const std::vector<double>& y, double first_step) {
  Impl& m = *impl_;
  m.solution = y;
  if (m.ida == nullptr || m.pattern_version != m.system.pattern_version()) {
    m.create(t);
  } else {
    m.finished += m.current();
    m.copy_in(t);
    IDAReInit(m.ida, t, m.y, m.yp);
  }
  take_limits();
  IDASetInitStep(m.ida, first_step);
  ++m.restarts;
  m.t = m.t_before = m.end = t;
}

Integrator::Stop Integrator::step(double stop, double pause) {
  Impl& m = *impl_;
  m.forget();  // others have evaluated the system since
  m.t_before = m.t;
  m.moved.clear();
  m.crossed.clear();
  if (!is_past() && !m.advance(stop)) return Stop::FAILED;
  const double to = std::min(m.end, pause);
  const bool crossed = m.find_crossing(to);
  m.arrive(crossed ? m.t : to);
  return crossed ? Stop::GUARD : m.t >= std::min(stop, pause) ? Stop::STOP_TIME : Stop::STEP;
}

bool Integrator::is_past() const { return impl_->end > impl_->t; }

double Integrator::time() const { return impl_->t; }
double Integrator::previous_time() const { return impl_->t_before; }
const std::vector<double>& Integrator::y() const { return impl_->solution; }

void Integrator::interpolate(double t, std::vector<double>& y) const {
  if (t == impl_->t)
    y = impl_->solution;
  else
    impl_->interpolate(t, y);
}

const std::vector<int>& Integrator::moved_limits() const { return impl_->moved; }

void Integrator::take_limits() {
  impl_->system.save_limits(impl_->limits);
  impl_->attempt = kUnknown;
}

const std::vector<int>& Integrator::crossed() const { return impl_->crossed; }

double Integrator::last_step() const {
  double h = 0;
  IDAGetLastStep(impl_->ida, &h);
  return h;
}

IntegratorCounters Integrator::counters() const {
  IntegratorCounters c = impl_->finished;
  c += impl_->current();
  c.restarts = impl_->restarts;
  c.limit_moves = impl_->limit_moves;
  c.guard_evaluations = impl_->guard_evaluations;
  return c;
}

const std::string& Integrator::failure() const { return impl_->failure; }

std::string Integrator::worst_unknown() const {
  Impl& m = *impl_;
  N_Vector error = N_VClone(m.y);
  N_Vector weight = N_VClone(m.y);
  IDAGetEstLocalErrors(m.ida, error);
  IDAGetErrWeights(m.ida, weight);
  int worst = 0;
  double largest = -1;
  for (int i = 0; i < m.system.size(); ++i) {
    const double size = std::abs(N_VGetArrayPointer(error)[i] * N_VGetArrayPointer(weight)[i]);
    if (m.system.is_differential(i) && size > largest) {
      largest = size;
      worst = i;
    }
  }
  N_VDestroy(error);
  N_VDestroy(weight);
  return m.system.unknown_name(worst);
}

std::string sundials_version() {
  char text[32] = {};
  SUNDIALSGetVersion(text, sizeof text);
  return text;
}

}  // namespace ballast
