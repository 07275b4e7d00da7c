# Reference numbers of several waves: means of groups and waves with an unstructured covariance, by nlme::gls (REML).
# Degrees of freedom: Satterthwaite by numDeriv from the restricted likelihood written out below, at the covariance of
# gls after Newton steps. CR2 by clubSandwich.
# Run in the folder that holds data/ and cases/: Rscript scripts/28_waves.R
suppressPackageStartupMessages({library(nlme); library(numDeriv); library(clubSandwich)})
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", inner, collapse = ",\n "), "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.na(x)) "null" else formatC(x, digits = 17, format = "g")
}
long <- function(data, columns, group, levels, missing) {
  d <- read.csv(file.path("data", data), colClasses = "character")
  y <- sapply(columns, function(k) as.numeric(d[[k]]))
  for (cell in missing) y[cell[[1]], cell[[2]]] <- NA
  g <- if (is.null(group)) rep(1L, nrow(d)) else match(d[[group]], levels)
  out <- data.frame(id = rep(seq_len(nrow(d)), each = length(columns)), wave = rep(seq_along(columns), nrow(d)),
    g = rep(g, each = length(columns)), y = as.vector(t(y)))
  out$k <- factor(out$wave)
  out$cell <- factor((out$g - 1) * length(columns) + out$wave)
  out[!is.na(out$y), ]
}
fit <- function(d) {
  d$cell <- droplevels(d$cell)
  gls(y ~ 0 + cell, d, correlation = corSymm(form = ~ wave | id), weights = varIdent(form = ~ 1 | k), method = "REML",
    control = glsControl(maxIter = 2000, msMaxIter = 2000, tolerance = 1e-13, msTol = 1e-15, opt = "optim"))
}
waves_covariance <- function(m, d, T) {
  w <- coef(m$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)
  sd <- m$sigma * w[as.character(seq_len(T))]
  r <- coef(m$modelStruct$corStruct, unconstrained = FALSE)
  R <- diag(T); R[lower.tri(R)] <- r; R <- R + t(R) - diag(T)
  outer(sd, sd) * R
}
literal <- function(d, T) {  # minus twice the restricted log likelihood, and the covariance of the coefficients
  pieces <- lapply(split(d, d$id), function(s) {
    X <- matrix(0, nrow(s), T * max(d$g)); X[cbind(seq_len(nrow(s)), (s$g - 1) * T + s$wave)] <- 1
    list(X = X, y = s$y, w = s$wave)
  })
  function(theta) {
    S <- matrix(0, T, T); S[lower.tri(S, TRUE)] <- theta; S <- S + t(S) - diag(diag(S))
    A <- 0; b <- 0; ld <- 0; q <- 0; n <- 0
    for (s in pieces) {
      V <- S[s$w, s$w, drop = FALSE]; W <- solve(V)
      A <- A + t(s$X) %*% W %*% s$X; b <- b + t(s$X) %*% W %*% s$y
      ld <- ld + as.numeric(determinant(V)$modulus); q <- q + sum(s$y * (W %*% s$y)); n <- n + length(s$y)
    }
    beta <- solve(A, b)
    list(dev = ld + as.numeric(determinant(A)$modulus) + q - sum(b * beta) + (n - ncol(A)) * log(2 * pi),
      C = solve(A), beta = as.numeric(beta))
  }
}
fine <- list(d = 0.01, r = 6)
block <- function(d, T, contrasts) {
  m <- fit(d); S <- waves_covariance(m, d, T); f <- literal(d, T); theta <- S[lower.tri(S, TRUE)]
  loglik <- -f(theta)$dev / 2
  for (i in 1:4) theta <- theta - solve(hessian(function(x) f(x)$dev, theta, method.args = fine), grad(function(x) f(x)$dev, theta, method.args = fine))
  A <- 2 * solve(hessian(function(x) f(x)$dev, theta, method.args = fine))
  rows <- lapply(contrasts, function(c) {
    c <- unlist(c); var <- as.numeric(t(c) %*% vcov(m) %*% c); est <- sum(c * coef(m))
    g <- grad(function(x) as.numeric(t(c) %*% f(x)$C %*% c), theta, method.args = fine)
    df <- 2 * as.numeric(t(c) %*% f(theta)$C %*% c)^2 / as.numeric(t(g) %*% A %*% g)
    list(estimate = est, se = sqrt(var), df = df, p = 2 * pt(-abs(est / sqrt(var)), df))
  })
  list(n_students = length(unique(d$id)), n = nrow(d), loglik = loglik, covariance = lapply(seq_len(T), function(i) as.list(unname(S[i, ]))),
    contrasts = rows)
}
by_class <- function(d, T, contrasts, classes) {
  m <- fit(d); v <- vcovCR(m, cluster = factor(classes[d$id]), type = "CR2")
  lapply(contrasts, function(c) {
    found <- linear_contrast(m, vcov = v, contrasts = matrix(unlist(c), 1), test = "Satterthwaite", level = 0.95)
    list(estimate = found$Est, se = found$SE, df = found$df, ci_low = found$CI_L, ci_high = found$CI_U)
  })
}
# A level of its own for every student, with CR2 over the students on top.
level <- function(data, columns, group, levels, contrasts) {
  d <- long(data, columns, group, levels, list())
  m <- lme(y ~ 0 + cell, d, random = ~ 1 | id, method = "REML", control = lmeControl(tolerance = 1e-12, msTol = 1e-14))
  v <- vcovCR(m, type = "CR2")
  rows <- lapply(contrasts, function(c) {
    found <- linear_contrast(m, vcov = v, contrasts = matrix(unlist(c), 1), test = "Satterthwaite", level = 0.95)
    list(estimate = found$Est, se = found$SE, df = found$df, ci_low = found$CI_L, ci_high = found$CI_U)
  })
  list(id = "obk_level.waves", data = data, spec = "Means of groups and waves, a random intercept per student; CR2 over the students.",
    r_call = "nlme::lme(y ~ 0 + cell, random = ~ 1 | id, REML); clubSandwich::vcovCR(type = 'CR2')",
    args = list(columns = as.list(columns), group = group, levels = as.list(levels), missing = list(), contrasts = lapply(contrasts, as.list), classes = NULL),
    expected = list(students = rows), tol = list(rel = 1e-6, abs = 1e-9))
}
case <- function(id, data, columns, group = NULL, levels = NULL, missing = list(), contrasts, classes = NULL, per_group = FALSE) {
  T <- length(columns); d <- long(data, columns, group, levels, missing)
  expected <- if (!per_group) block(d, T, contrasts) else list(groups = lapply(seq_along(levels), function(g) {
    one <- d[d$g == g, ]; one$g <- 1L; one$id <- match(one$id, unique(one$id)); block(one, T, list(c(-1, rep(0, T - 2), 1)))
  }))
  if (!is.null(classes)) expected$classes <- by_class(d, T, contrasts, (seq_len(max(d$id)) - 1) %% classes)
  list(id = id, data = data,
    spec = paste0("Means of groups and waves, group by group, any covariance of the waves, REML; contrasts of them. ",
      "Missing: [row, wave], from 1. classes: (row - 1) modulo this number, CR2 with the fit as working model. ",
      if (per_group) "Every group by itself: last wave minus first." else ""),
    r_call = "nlme::gls(y ~ 0 + cell, corSymm(~ wave | id), varIdent(~ 1 | wave), REML); numDeriv::hessian; clubSandwich::vcovCR(type = 'CR2')",
    args = list(columns = as.list(columns), group = group, levels = as.list(levels), missing = lapply(missing, as.list),
      contrasts = if (per_group) list() else lapply(contrasts, as.list), classes = classes),
    expected = expected,
    tol = list(rel = 1e-5, abs = 1e-7, keys = list(covariance = list(rel = 1e-4, abs = 2e-5), df = list(rel = 1e-4, abs = 1e-6),
      p = list(rel = 2e-4, abs = 1e-9), loglik = list(rel = 1e-9, abs = 1e-8))))
}
kron <- function(a, b) as.vector(kronecker(a, b))
three <- list(kron(c(-1, 1, 0), c(-1, 0, 1)), kron(c(-1, 0, 1), c(-1, 1, 0)), kron(c(0, 0, 1), c(-1, 0, 1)),
  kron(c(-1, 0.5, 0.5), c(-0.5, 0, 0.5)), kron(c(-1, 0, 1), c(0, 0, 1)))
obk <- c("pre", "post", "fup"); arms <- c("control", "A", "B"); reading <- c("pre1", "post1", "post2"); ways <- c("Basal", "DRTA", "Strat")
gaps <- c(lapply(seq(3, 66, by = 5), function(i) c(i, 3)), lapply(seq(4, 66, by = 9), function(i) c(i, 2)), list(c(1, 1), c(30, 1), c(30, 3)))
five <- paste0("pre_", 1:5)
one <- list(c(-1, 0, 0, 0, 1), c(-0.2, -0.1, 0, 0.1, 0.2), c(0, 0, 0, 0, 1))
cases <- list(
  case("obk.waves", "obrienkaiser.csv", obk, "treatment", arms, contrasts = three),
  case("obk_gaps.waves", "obrienkaiser.csv", obk, "treatment", arms, list(c(2, 3), c(7, 2), c(13, 3), c(14, 3)), three),
  case("baumann.waves", "baumann.csv", reading, "group", ways, contrasts = three, classes = 8),
  case("baumann_gaps.waves", "baumann.csv", reading, "group", ways, gaps, three),
  case("baumann_gaps_apart.waves", "baumann.csv", reading, "group", ways, gaps, three, per_group = TRUE),
  level("obrienkaiser.csv", obk, "treatment", arms, three),
  case("obk_hours.waves", "obrienkaiser.csv", five, contrasts = one),
  case("obk_hours_gaps.waves", "obrienkaiser.csv", five, missing = list(c(3, 5), c(8, 5), c(8, 4), c(11, 2)), contrasts = one))
out <- list(group = "28_waves", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(json(out), file.path("cases", "28_waves.json"))
