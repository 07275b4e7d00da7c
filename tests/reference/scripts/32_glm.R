# Reference numbers of standardisation over logistic and Poisson regressions: HC3 (sandwich), CR2 with Satterthwaite
# degrees of freedom (clubSandwich), Firth's coefficients (brglm2; profiles by uniroot on the penalised likelihood), means
# and their influence values by hand from predict(), hatvalues() and vcov().
# Run in the folder that holds data/ and cases/: Rscript scripts/32_glm.R
suppressPackageStartupMessages({library(sandwich); library(clubSandwich); library(brglm2)})
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) {
    inner <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", inner, collapse = ",\n "), "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.logical(x) && !is.na(x)) return(tolower(as.character(x)))
  if (is.na(x)) "null" else formatC(x, digits = 17, format = "g")
}
row_of <- function(b, se, df, null = 0, back = identity) {
  half <- qt(0.975, df) * se
  t <- (b - null) / se
  list(estimate = back(b), se = se, t = t, df = df, p = 2 * pt(-abs(t), df), ci_low = back(b - half), ci_high = back(b + half))
}
column <- function(d, name) {
  parts <- strsplit(name, "=")[[1]]
  if (length(parts) == 2) as.numeric(d[[parts[1]]] == parts[2]) else as.numeric(d[[name]])
}
penalised <- function(x, y, b) {
  eta <- drop(x %*% b); p <- plogis(eta)
  sum(ifelse(y > 0, plogis(eta, log.p = TRUE), plogis(-eta, log.p = TRUE))) + determinant(crossprod(x * sqrt(p * (1 - p))))$modulus[[1]] / 2
}
profiled <- function(x, y, j, value, start) {
  f <- function(b) -penalised(x, y, append(b, value, j - 1))
  o <- optim(start[-j], f, method = "BFGS", control = list(reltol = 1e-15, maxit = 5000))
  for (i in 1:3) o <- optim(o$par, f, method = "BFGS", control = list(reltol = 1e-16, maxit = 5000, ndeps = rep(1e-5, length(o$par))))
  -o$value
}
firth_rows <- function(x, y, m) {
  b <- coef(m); top <- penalised(x, y, b); se <- sqrt(diag(vcov(m)))
  setNames(lapply(seq_along(b), function(j) {
    drop_at <- function(v) 2 * (top - profiled(x, y, j, v, b)) - qchisq(0.95, 1)
    side <- function(s) uniroot(drop_at, sort(b[[j]] + s * c(0.3, 9) * se[[j]]), tol = 1e-9)$root
    list(estimate = b[[j]], se = se[[j]], chi2 = 2 * (top - profiled(x, y, j, 0, b)), ci_low = side(-1), ci_high = side(1))
  }), names(b))
}
case <- function(id, data, y, arm, focal, covariates, family = "binomial", event = NULL, exposure = NULL, cluster = NULL,
                 target = "members", interactions = TRUE, firth = FALSE) {
  d <- read.csv(file.path("data", data), colClasses = "character")
  used <- unique(c(y, arm, sub("=.*", "", covariates), exposure, cluster))
  d <- d[complete.cases(replace(d, d == "", NA)[used]), ]
  outcome <- if (is.null(event)) as.numeric(d[[y]]) else as.numeric(d[[y]] == event)
  member <- as.numeric(d[[arm]] == focal); time <- if (is.null(exposure)) rep(1, nrow(d)) else as.numeric(d[[exposure]])
  x <- sapply(covariates, function(name) column(d, name)); colnames(x) <- paste0("x", seq_along(covariates))
  inside <- if (target == "members") member == 1 else rep(TRUE, nrow(d))
  frame <- data.frame(outcome = outcome, member = member, sweep(x, 2, colMeans(x[inside, , drop = FALSE])), lt = log(time))
  right <- if (interactions) paste0("member * (", paste(colnames(x), collapse = " + "), ")") else paste(c("member", colnames(x)), collapse = " + ")
  f <- as.formula(paste("outcome ~", right, if (is.null(exposure)) "" else "+ offset(lt)"))
  control <- list(epsilon = 1e-300, maxit = 30)  # its weights are still those of the step before: 8 digits
  m <- if (firth) glm(f, binomial, frame, method = "brglmFit", type = "AS_mean", epsilon = 1e-13, maxit = 5000) else suppressWarnings(glm(f, family, frame, control = control))
  X <- model.matrix(m); n <- nrow(X); p <- ncol(X); df <- n - p; shown <- colnames(X)
  expected <- list(n = n)
  b <- coef(m); inverse <- if (family == "binomial") plogis else exp
  if (firth) {
    expected$firth <- firth_rows(X, outcome, m)
    rest <- drop(X[, -1] %*% b[-1])
    b[1] <- uniroot(function(a) sum(plogis(a + rest)) - sum(outcome), c(-50, 50), tol = 1e-14)$root
    expected$constant_for_prediction <- b[[1]]
    mu <- plogis(drop(X %*% b)); w <- mu * (1 - mu); bread <- solve(crossprod(X * sqrt(w)))
  } else {
    mu <- fitted(m); w <- if (family == "binomial") mu * (1 - mu) else mu; bread <- summary(m)$cov.unscaled
    v3 <- vcovHC(m, type = "HC3")
    expected$hc3 <- setNames(lapply(seq_len(p), function(i) row_of(b[[i]], sqrt(v3[i, i]), df)), shown)
  }
  weight <- ifelse(inside, time, 0) / sum(time[inside])
  at <- lapply(0:1, function(a) { g <- frame; g$member <- a; g$lt <- 0; Z <- model.matrix(update(formula(terms(m)), outcome ~ . - offset(lt)), g)[, shown, drop = FALSE]
    mean_i <- inverse(drop(Z %*% b)); slope <- if (family == "binomial") mean_i * (1 - mean_i) else mean_i
    list(m = sum(weight * mean_i), J = colSums(weight * slope * Z), s = weight * (mean_i - sum(weight * mean_i))) })
  mean <- c(at[[1]]$m, at[[2]]$m); J <- rbind(at[[1]]$J, at[[2]]$J); S <- cbind(at[[1]]$s, at[[2]]$s)
  measure <- function(value, d, null, back) {
    j <- drop(d %*% J); s <- drop(S %*% d)
    if (firth) v <- drop(j %*% bread %*% j) + sum(s^2 / (1 - weight))
    else v <- sum((drop(X %*% (bread %*% j)) * (outcome - mu) / (1 - hatvalues(m)) + s / sqrt(1 - weight))^2)
    row_of(value, sqrt(v), df, null, back)
  }
  odds <- mean * (1 - mean)
  expected$standardised <- list(
    mean_others = mean[1], mean_members = mean[2],
    difference = measure(mean[2] - mean[1], c(-1, 1), 0, identity), ratio = measure(log(mean[2] / mean[1]), c(-1, 1) / mean, 0, exp))
  if (family == "binomial") {
    expected$standardised$odds_ratio <- measure(qlogis(mean[2]) - qlogis(mean[1]), c(-1, 1) / odds, 0, exp)
    for (a in 1:2) expected$standardised[[c("others", "members")[a]]] <- measure(qlogis(mean[a]), (1:2 == a) / odds, 0, plogis)
  }
  if (!is.null(cluster)) {
    classes <- factor(d[[cluster]])
    white <- lm(y ~ . - 1, data.frame(y = (outcome - mu) / sqrt(w) + drop(X %*% b) * sqrt(w), X * sqrt(w), check.names = FALSE))
    v <- vcovCR(white, cluster = classes, type = "CR2"); s <- coef_test(white, vcov = v, test = "Satterthwaite")
    expected$cr2 <- setNames(lapply(seq_len(p), function(i) list(se = s$SE[i], df = s$df_Satt[i])), shown)
  }
  list(id = id, data = data,
    spec = paste("outcome ~ member * covariates (centred at the means of the target): HC3 with t(n - p); means of the target as others",
      "and as members, weighted by exposure, with unconditional influence values: HC3 part plus the target's part, each of",
      "the latter divided by the root of one minus the student's share; penalised: model-based part and target's part apart, the",
      "constant chosen to predict the number of events; CR2 with Satterthwaite df of the last working regression, its rows divided by the root of their working variance."),
    r_call = "glm(); sandwich::vcovHC(m, 'HC3'); clubSandwich::coef_test(white, vcovCR(white, cluster, 'CR2')); brglm2::brglmFit(type = 'AS_mean')",
    args = list(outcome = y, event = event, group = arm, focal = focal, covariates = as.list(covariates), family = family,
      exposure = exposure, cluster = cluster, target = target, interactions = interactions, firth = firth),
    expected = expected, tol = list(rel = 1e-7, abs = 1e-12, keys = list(firth = list(rel = 2e-6, abs = 1e-7))))
}
cases <- list(
  case("titanic_members.glm", "titanic.csv", "survived", "sex", "female", c("age", "passengerClass=2nd", "passengerClass=3rd"), event = "yes"),
  case("titanic_all.glm", "titanic.csv", "survived", "sex", "female", c("age", "passengerClass=2nd"), event = "yes", target = "all", interactions = FALSE),
  case("cps_classes.glm", "cps_union.csv", "married", "union", "yes", c("age", "gender=female"), event = "yes", cluster = "occupation"),
  case("cps_education.glm", "cps_union.csv", "married", "union", "yes", "age", event = "yes", cluster = "education", interactions = FALSE),
  case("mtcars_firth.glm", "mtcars.csv", "vs", "am", "1", c("cyl=8", "wt"), event = "1", firth = TRUE, interactions = FALSE),
  case("mtcars_firth_own.glm", "mtcars.csv", "vs", "am", "1", "cyl=8", event = "1", firth = TRUE, target = "all"),
  case("endometrial_firth.glm", "endometrial.csv", "HG", "NV", "1", c("PI", "EH"), event = "1", firth = TRUE, interactions = FALSE),
  case("quine_days.glm", "quine.csv", "Days", "Eth", "N", c("Sex=M", "Lrn=SL"), family = "poisson", cluster = "Age"),
  case("insurance_rate.glm", "insurance.csv", "Claims", "District", "4", c("Age=>35", "Group=>2l"), family = "poisson", exposure = "Holders"))
out <- list(group = "32_glm", set = "reference", r = R.version.string, n_cases = length(cases), cases = cases)
writeLines(json(out), file.path("cases", "32_glm.json"))
