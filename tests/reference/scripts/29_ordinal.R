# Reference numbers of adjusted comparisons of ordered categories: proportional odds (MASS::polr, checked against
# ordinal::clm), sandwich (sandwich), one logistic regression per cut (glm), their CR2 (clubSandwich), Brant's test from
# its published formula, probabilities standardised over members or all.
# Run in the folder that holds data/ and cases/: Rscript scripts/29_ordinal.R
suppressPackageStartupMessages({library(MASS); library(ordinal); library(sandwich); library(clubSandwich); library(numDeriv)})
json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x) || length(x) > 1) {
    inner <- vapply(as.list(x), json, "")
    if (is.null(names(x))) return(paste0("[", paste(inner, collapse = ", "), "]"))
    return(paste0("{", paste0("\"", names(x), "\": ", inner, collapse = ",\n "), "}"))
  }
  if (is.character(x)) return(paste0("\"", x, "\""))
  if (is.logical(x) && !is.na(x)) return(tolower(as.character(x)))
  if (is.na(x)) "null" else formatC(x, digits = 17, format = "g")
}
row_of <- function(b, se) list(estimate = unname(b), se = unname(se), z = unname(b / se), p = 2 * pnorm(-abs(unname(b / se))))
# the probability that a draw from p1 exceeds one from p0, ties half
exceeds <- function(p1, p0) { p1 <- as.vector(p1); p0 <- as.vector(p0); sum(outer(seq_along(p1), seq_along(p0), function(i, j) (i > j) + 0.5 * (i == j)) * outer(p1, p0)) }
# from a function of coefficients and of the covariates of the target, probabilities (n x k) for both arms, to everything
standardised <- function(probabilities, coefficients, psi, inside, n, p) {
  shares <- function(b) { q <- probabilities(b); cbind(colMeans(q[[1]][inside, , drop = FALSE]), colMeans(q[[2]][inside, , drop = FALSE])) }
  q <- probabilities(coefficients); s <- shares(coefficients); k <- nrow(s)
  above <- function(s) sapply(2:k, function(c) sum(s[c:k, 2]) - sum(s[c:k, 1]))
  theta <- exceeds(s[, 2], s[, 1])
  each <- sapply(seq_len(n), function(i) exceeds(q[[2]][i, ], s[, 1]) + exceeds(s[, 2], q[[1]][i, ]) - 2 * theta)
  influence <- inside * each / sum(inside) + drop(psi %*% t(jacobian(function(b) exceeds(shares(b)[, 2], shares(b)[, 1]), coefficients)))
  each_above <- sapply(2:k, function(c) rowSums(q[[2]][, c:k, drop = FALSE]) - rowSums(q[[1]][, c:k, drop = FALSE]))
  influence_above <- inside * sweep(each_above, 2, above(s)) / sum(inside) + psi %*% t(jacobian(function(b) above(shares(b)), coefficients))
  factor <- sqrt(n / (n - p)); df <- n - p
  se <- factor * sqrt(sum(influence^2)); logit <- se / (theta * (1 - theta)); half <- qt(0.975, df) * logit
  se_above <- factor * sqrt(colSums(influence_above^2))
  list(others = unname(s[, 1]), members = unname(s[, 2]), at_or_above = as.list(unname(above(s))), at_or_above_se = as.list(se_above),
    superiority = list(estimate = theta, se_logit = logit, df = df, t = qlogis(theta) / logit,
      p = 2 * pt(-abs(qlogis(theta) / logit), df), ci_low = plogis(qlogis(theta) - half), ci_high = plogis(qlogis(theta) + half)))
}
brant <- function(y, x) { # Brant (1990): logistic regressions above each cut, covariances from fitted probabilities
  k <- nlevels(y); z <- as.integer(y); one <- cbind(1, x)
  fits <- lapply(1:(k - 1), function(j) glm(as.integer(z > j) ~ x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 50)))
  p <- sapply(fits, fitted); size <- ncol(x); v <- matrix(0, (k - 1) * size, (k - 1) * size)
  inv <- lapply(1:(k - 1), function(j) solve(t(one) %*% (one * (p[, j] * (1 - p[, j])))))
  for (i in 1:(k - 1)) for (j in 1:(k - 1)) {
    w <- p[, max(i, j)] - p[, i] * p[, j]
    v[(i - 1) * size + 1:size, (j - 1) * size + 1:size] <- (inv[[i]] %*% (t(one) %*% (one * w)) %*% inv[[j]])[-1, -1]
  }
  b <- unlist(lapply(fits, function(f) coef(f)[-1]))
  wald <- function(terms) {
    d <- do.call(rbind, lapply(2:(k - 1), function(j) { m <- matrix(0, length(terms), (k - 1) * size)
      for (r in seq_along(terms)) { m[r, terms[r]] <- -1; m[r, (j - 1) * size + terms[r]] <- 1 }; m }))
    x2 <- drop(t(d %*% b) %*% solve(d %*% v %*% t(d)) %*% (d %*% b))
    list(chi2 = x2, df = nrow(d), p = pchisq(x2, nrow(d), lower.tail = FALSE))
  }
  crossing <- any(apply(p, 1, diff) > 0)
  list(slopes = lapply(fits, function(f) unname(coef(f)[-1])), overall = wald(1:size), terms = lapply(1:size, wald), crossing = crossing)
}
# lines: FALSE where the logistic regression at some cut is separated, and has no finite coefficients
case <- function(id, data, y, cuts, arm, focal, covariates, target, cluster = NULL, freq = NULL, levels = NULL, lines = TRUE) {
  d <- read.csv(file.path("data", data), colClasses = "character")
  if (!is.null(freq)) d <- d[rep(seq_len(nrow(d)), as.integer(d[[freq]])), ]
  d <- d[complete.cases(replace(d, d == "", NA)[c(y, arm, covariates, cluster)]), ]
  y_ <- if (is.null(cuts)) factor(d[[y]], levels = levels, ordered = TRUE) else factor(findInterval(as.numeric(d[[y]]), cuts), ordered = TRUE)
  numeric <- function(name) {
    v <- d[[name]]
    if (all(grepl("^[-0-9.eE+]+$", v))) return(matrix(as.numeric(v), dimnames = list(NULL, name)))
    l <- sort(unique(v)); m <- sapply(l[-1], function(u) as.numeric(v == u)); dimnames(m) <- list(NULL, paste0(name, l[-1])); m
  }
  x <- do.call(cbind, lapply(covariates, numeric)); member <- as.numeric(d[[arm]] == focal)
  x <- sweep(x, 2, colMeans(x)); both <- cbind(member = member, x)
  n <- nrow(d); inside <- if (target == "members") member == 1 else rep(TRUE, n)
  frame <- data.frame(y = y_, both); k <- nlevels(y_); size <- ncol(both)
  expected <- list(n = n)
  if (k > 2) {
    c_ <- clm(reformulate(names(frame)[-1], "y"), data = frame, control = clm.control(gradTol = 1e-12, maxIter = 200))
    m <- polr(y ~ ., data = frame, Hess = TRUE, start = c(coef(c_)[-(1:(k - 1))], coef(c_)[1:(k - 1)]), control = list(reltol = 1e-15, maxit = 1000))
    stopifnot(max(abs(c(coef(m), m$zeta) - coef(c_)[c(k - 1 + 1:size, 1:(k - 1))])) < 1e-5)
    # clm's numbers are the exact maximum; polr's object takes them over for the estimating functions
    m$coefficients[] <- coef(c_)[-(1:(k - 1))]; m$zeta[] <- coef(c_)[1:(k - 1)]
    v <- vcov(c_)[c(k - 1 + 1:size, 1:(k - 1)), c(k - 1 + 1:size, 1:(k - 1))]
    m$lp <- drop(both %*% coef(m)); cum <- sapply(m$zeta, function(z) plogis(z - m$lp)); m$fitted.values <- cbind(cum, 1) - cbind(0, cum)
    dimnames(m$fitted.values) <- list(NULL, levels(y_))
    scores <- estfun(m); psi <- scores %*% v
    g <- c(coef(m), m$zeta)
    po <- function(b) lapply(0:1, function(a) { z <- cbind(a, x) %*% b[1:size]; q <- sapply(b[-(1:size)], function(t) plogis(t - z)); cbind(q, 1) - cbind(0, q) })
    robust <- sqrt(diag(crossprod(psi))) * sqrt(n / (n - size - k + 1))
    expected <- list(n = n, loglik = as.numeric(logLik(c_)), coef = setNames(lapply(1:size, function(i) row_of(g[i], sqrt(v[i, i]))), colnames(both)),
      thresholds = setNames(lapply(1:(k - 1), function(i) row_of(g[size + i], sqrt(v[size + i, size + i]))), NULL),
      robust_se = as.list(setNames(robust[1:size], colnames(both))), parallel = standardised(po, g, psi, inside, n, size + k - 1))
    if (!is.null(cluster)) {
      sums <- rowsum(psi, d[[cluster]]); expected$cr0_se <- as.list(setNames(sqrt(colSums(sums^2))[1:size], colnames(both)))
    }
  }
  if (k > 2 && lines) {
    full <- clm(y ~ 1, nominal = as.formula(paste("~", paste(names(frame)[-1], collapse = " + "))), data = frame)
    expected$nominal_lr <- list(chi2 = as.numeric(2 * (logLik(full) - logLik(c_))), df = size * (k - 2))
    expected$brant <- brant(y_, both)
  }
  if (lines) {
    fits <- lapply(2:k, function(j) glm(as.integer(as.integer(frame$y) >= j) ~ both, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 50)))
    b <- unlist(lapply(fits, coef)); q1 <- size + 1
    psi_ <- do.call(cbind, lapply(fits, function(f) estfun(f) %*% solve(crossprod(model.matrix(f) * sqrt(fitted(f) * (1 - fitted(f)))))))
    separate <- function(b) lapply(0:1, function(a) { q <- sapply(1:(k - 1), function(j) plogis(cbind(1, a, x) %*% b[(j - 1) * q1 + 1:q1])); cbind(1, q) - cbind(q, 0) })
    expected$separate <- standardised(separate, b, psi_, inside, n, q1)
  }
  if (k == 2 && !is.null(cluster)) {
    # the last step of the logistic regression as least squares of rows divided by their working standard deviation:
    # CR2 leaves open in which units matrix roots are taken, and clubSandwich takes them in other ones for a glm
    w <- sqrt(weights(fits[[1]], "working")); step <- lm(w * (predict(fits[[1]]) + residuals(fits[[1]], "working")) ~ 0 + I(w * model.matrix(fits[[1]])))
    rows <- coef_test(step, vcov = vcovCR(step, cluster = factor(d[[cluster]]), type = "CR2"), test = "Satterthwaite")
    expected$cr2 <- list(se = rows$SE[-1], df = rows$df_Satt[-1])
  }
  list(id = id, data = data, spec = "y ~ member + covariates (centred), logit P(Y <= c) = threshold - slopes; standardised shares over the target; SE from influence values (estimating functions times inverse information, numerical derivatives, covariates of the target a sample) times (n/(n-p))^.5 with t(n-p); separate: one logistic regression per cut; Brant's Wald test from glm fits.",
    r_call = "ordinal::clm(y ~ .); sandwich::estfun(MASS::polr(y ~ .)); glm(y >= c ~ ., binomial); clubSandwich::vcovCR(weighted rows of glm, type='CR2')",
    args = list(outcome = y, cuts = if (is.null(cuts)) NULL else as.list(cuts), outcome_levels = if (is.null(levels)) NULL else as.list(levels), group = arm, focal = focal, covariates = as.list(covariates), cluster = cluster, freq = freq, target = target),
    expected = expected, tol = list(rel = 1e-7, abs = 1e-9))
}
all <- list(
  case("wine_contact.orders", "wine.csv", "rating", NULL, "contact", "yes", "temp", "members", levels = as.character(1:5), lines = FALSE),
  case("housing_cont_members.orders", "housing.csv", "Sat", NULL, "Cont", "High", c("Infl", "Type"), "members", freq = "Freq", levels = c("Low", "Medium", "High")),
  case("housing_cont_all.orders", "housing.csv", "Sat", NULL, "Cont", "High", c("Infl", "Type"), "all", freq = "Freq", levels = c("Low", "Medium", "High")),
  case("lalonde_members.orders", "lalonde.csv", "re78", c(1, 3000, 8000, 15000), "treat", "1", c("age", "educ", "re75"), "members"),
  case("mathach_minority.orders", "mathachieve.csv", "MathAch", c(5, 10, 15, 20), "Minority", "Yes", c("SES"), "members", cluster = "School"),
  case("mathach_minority_two.orders", "mathachieve.csv", "MathAch", 15, "Minority", "Yes", c("SES"), "members", cluster = "School"))
writeLines(json(list(group = "29_ordinal", set = "reference", r = R.version.string, n_cases = length(all), cases = all)), "cases/29_ordinal.json")
